#include "report/export/writers/html_writer.hpp"

#include <fmt/format.h>

#include <iterator>

#include "report/export/drawing/chart_drawing.hpp"
#include "report/export/drawing/svg_canvas.hpp"
#include "report/export/writers/html_style.hpp"

namespace tradeassist::report {
namespace {

constexpr double kChartWidth = 720;

class HtmlWriter {
 public:
  std::string take() { return std::move(out_); }

  void document(const Document& document) {
    // Even if a text became markup, nothing of it would run or load.
    add("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, "
        "initial-scale=1\">\n<title>{}</title>\n<style>{}</style>\n"
        "</head>\n<body>\n<main>\n",
        escape_markup(document.title), kHtmlStyle);
    cover(document);
    for (const Block& block : document.blocks) {
      std::visit([&](const auto& part) { this->block(part); }, block);
    }
    add("<footer>{}</footer>\n</main>\n</body>\n</html>\n", escape_markup(document.footer));
  }

 private:
  template <class... Arguments>
  void add(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<Arguments>(arguments)...);
  }

  void cover(const Document& document) {
    add("<header>\n<h1>{}</h1>\n<p class=\"subtitle\">{}</p>\n</header>\n", escape_markup(document.title),
        escape_markup(document.subtitle));
    if (!document.verdict.empty()) add("<p class=\"verdict\">{}</p>\n", escape_markup(document.verdict));
    out_ += "<dl>\n";
    for (const Document::Fact& fact : document.facts) {
      add("<div><dt>{}</dt><dd>{}</dd></div>\n", escape_markup(fact.label), escape_markup(fact.value));
    }
    out_ += "</dl>\n";
  }

  void block(const Heading& heading) { add("<h{0}>{1}</h{0}>\n", heading.level, escape_markup(heading.text)); }

  void block(const Paragraph& paragraph) {
    constexpr const char* kClasses[] = {"", " class=\"lead\"", " class=\"note\""};
    add("<p{}>{}</p>\n", kClasses[static_cast<int>(paragraph.style)], escape_markup(paragraph.text));
  }

  void block(const Table& table) {
    add("<div class=\"scroll\"><table>\n<caption>{}</caption>\n<thead><tr>", escape_markup(table.caption));
    for (const Table::Column& column : table.columns) {
      add("<th scope=\"col\"{}>{}</th>", classes(column, Tone::kPlain), escape_markup(column.title));
    }
    out_ += "</tr></thead>\n<tbody>\n";
    for (const auto& row : table.rows) {
      out_ += "<tr>";
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string of = classes(table.columns[i], row[i].tone);
        if (i == 0)
          add("<th scope=\"row\"{}>{}</th>", of, escape_markup(row[i].text));
        else
          add("<td{}>{}</td>", of, escape_markup(row[i].text));
      }
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table></div>\n";
  }

  static std::string classes(const Table::Column& column, Tone tone) {
    std::string names = column.is_number ? "number" : column.is_wide ? "wide" : "";
    if (tone != Tone::kPlain) names += std::string(names.empty() ? "" : " ") + (tone == Tone::kGood ? "good" : "bad");
    return names.empty() ? "" : " class=\"" + names + "\"";
  }

  template <class Chart>
  void chart(const Chart& chart) {
    SvgCanvas canvas;
    draw_chart(chart, canvas, kChartWidth);
    add("<figure>\n<figcaption><strong>{0}.</strong> {1}</figcaption>\n"
        "<svg viewBox=\"0 0 {2} {3:.0f}\" role=\"img\" aria-label=\"{0}. {1}\">{4}</svg>\n</figure>\n",
        escape_markup(chart.title), escape_markup(chart.description), kChartWidth, chart_height(chart, kChartWidth),
        canvas.take());
  }
  void block(const LineChart& lines) { chart(lines); }
  void block(const BarChart& bars) { chart(bars); }

  void block(const HeatMap& map) {
    const HeatScale scale(map);
    add("<div class=\"scroll\"><table class=\"heat\">\n<caption>{}</caption>\n<thead><tr><th scope=\"col\">{}</th>",
        escape_markup(map.caption), escape_markup(map.row_title));
    for (const std::string& column : map.columns) add("<th scope=\"col\">{}</th>", escape_markup(column));
    out_ += "</tr></thead>\n<tbody>\n";
    for (std::size_t i = 0; i < map.rows.size(); ++i) {
      add("<tr><th scope=\"row\">{}</th>", escape_markup(map.rows[i]));
      for (const HeatMap::Entry& entry : map.entries[i]) {
        const int level = scale.level(entry.value);
        if (level == 0)
          add("<td>{}</td>", escape_markup(entry.text));
        else
          add("<td class=\"{}-{}\">{}</td>", level > 0 ? "good" : "bad", std::abs(level), escape_markup(entry.text));
      }
      out_ += "</tr>\n";
    }
    out_ += "</tbody></table></div>\n";
  }

  std::string out_;
};

}  // namespace

std::string to_html(const Document& document) {
  HtmlWriter writer;
  writer.document(document);
  return writer.take();
}

}  // namespace tradeassist::report
