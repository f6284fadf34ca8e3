#include "notify/channels/email.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>

#include "base/base64.hpp"

namespace tradeassist::notify {
namespace {

constexpr std::string_view kEnd = "\r\n";
constexpr std::size_t kAddressBytesMax = 254;  // RFC 5321
constexpr std::size_t kRecipientsMax = 50;

base::Result<void> refuse(std::string why) { return base::failure(base::ErrorCode::kInvalidArgument, std::move(why)); }

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\n': out += "<br>\n"; break;
      default: out += c;
    }
  }
  return out;
}

/// RFC 2047: words of at most 75 characters, each of whole characters.
std::string header_text(std::string_view text) {
  const bool is_plain = std::ranges::all_of(text, [](char c) { return c >= ' ' && c < '\x7f'; });
  if (is_plain && text.find("=?") == std::string_view::npos) return std::string(text);
  constexpr std::size_t kWordBytes = 42;
  std::string out;
  while (!text.empty()) {
    std::size_t size = std::min(kWordBytes, text.size());
    while (size < text.size() && size > 1 && (static_cast<unsigned char>(text[size]) & 0xC0) == 0x80) --size;
    if (!out.empty()) out += "\r\n ";
    out += "=?UTF-8?B?" + base::to_base64(text.substr(0, size)) + "?=";
    text.remove_prefix(size);
  }
  return out;
}

/// Lines of 76 characters.
std::string base64_lines(std::string_view text) {
  const std::string whole = base::to_base64(text);
  std::string out;
  for (std::size_t i = 0; i < whole.size(); i += 76) out += whole.substr(i, 76) + std::string(kEnd);
  return out;
}

/// "Mon, 05 Jan 2026 14:30:00 +0000".
std::string date_text(base::Time time) {
  constexpr const char* kDays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  constexpr const char* kMonths[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time - day));
  return fmt::format("{}, {:02} {} {} {:02}:{:02}:{:02} +0000", kDays[std::chrono::weekday(day).c_encoding()],
                     static_cast<unsigned>(date.day()), kMonths[static_cast<unsigned>(date.month()) - 1],
                     static_cast<int>(date.year()), clock.hours().count(), clock.minutes().count(),
                     clock.seconds().count());
}

std::string plain_text(const Notice& notice) {
  std::string out = notice.title + "\n\n";
  if (!notice.text.empty()) out += notice.text + "\n\n";
  std::size_t width = 4;
  for (const auto& [name, value] : notice.fields) width = std::max(width, name.size());
  const auto row = [&](std::string_view name, std::string_view value) {
    out += fmt::format("{:<{}}  {}\n", name, width, value);
  };
  for (const auto& [name, value] : notice.fields) row(name, value);
  row("time", base::format_time(std::chrono::floor<std::chrono::seconds>(notice.at)));
  out += "\nTradeAssist, " + notice.type + ", " + notice.event_id + "\n";
  return out;
}

std::string html_text(const Notice& notice) {
  const char* const colour = notice.severity == Severity::kCritical  ? "#b3261e"
                             : notice.severity == Severity::kWarning ? "#9a6700"
                                                                     : "#1f5fa8";
  std::string rows;
  const auto row = [&](std::string_view name, std::string_view value) {
    rows += fmt::format(
        "<tr><td style=\"padding:4px 16px 4px 0;color:#666;vertical-align:top\">{}</td><td style=\"padding:4px 0\">"
        "{}</td></tr>\n",
        escaped(name), escaped(value));
  };
  for (const auto& [name, value] : notice.fields) row(name, value);
  row("time", base::format_time(std::chrono::floor<std::chrono::seconds>(notice.at)));
  return fmt::format(
      "<!doctype html>\n<html><body style=\"font-family:sans-serif;font-size:14px;color:#222\">\n"
      "<h2 style=\"font-size:18px;color:{}\">{}</h2>\n{}<table style=\"border-collapse:collapse\">\n{}</table>\n"
      "<p style=\"color:#888;font-size:12px\">TradeAssist, {}, {}</p>\n</body></html>\n",
      colour, escaped(notice.title), notice.text.empty() ? "" : "<p>" + escaped(notice.text) + "</p>\n", rows,
      escaped(notice.type), escaped(notice.event_id));
}

bool is_this_machine(std::string_view server) {
  return server.starts_with("127.0.0.1:") || server.starts_with("localhost:") || server.starts_with("[::1]:");
}

base::Result<void> check_server(std::string_view server) {
  const std::size_t colon = server.rfind(':');
  int port = 0;
  const bool has_port = colon != std::string_view::npos && colon > 0 &&
                        std::from_chars(server.data() + colon + 1, server.data() + server.size(), port).ptr ==
                            server.data() + server.size();
  const bool is_plain = std::ranges::all_of(server.substr(0, colon), [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view(".-_[]:").find(c) != std::string_view::npos;
  });
  if (has_port && is_plain && port > 0 && port < 65'536) return {};
  return refuse("smtp_server must be HOST:PORT, as mail.example.com:587");
}

}  // namespace

base::Result<void> check_mail_address(std::string_view text) {
  const std::size_t at = text.find('@');
  const bool is_plain = std::ranges::all_of(text, [](char c) {
    return c > ' ' && c < '\x7f' && std::string_view("<>()[],;:\\\"").find(c) == std::string_view::npos;
  });
  if (is_plain && text.size() <= kAddressBytesMax && at != std::string_view::npos && at > 0 && at + 1 < text.size() &&
      text.find('@', at + 1) == std::string_view::npos)
    return {};
  return refuse("'" + std::string(text.substr(0, 80)) + "' is no mail address; write name@example.com alone");
}

base::Result<Envelope::Security> parse_mail_security(std::string_view text) {
  if (text == "starttls") return Envelope::Security::kStartTls;
  if (text == "tls") return Envelope::Security::kTls;
  if (text == "none") return Envelope::Security::kNone;
  return base::failure(base::ErrorCode::kInvalidArgument, "smtp_security must be starttls, tls or none");
}

base::Result<MailSettings> check_mail(MailSettings settings) {
  TRY(check_server(settings.server));
  const Envelope& envelope = settings.envelope;
  if (envelope.security == Envelope::Security::kNone && !is_this_machine(settings.server))
    TRY(refuse("smtp_security may be none only where the mail server is on this machine; use starttls or tls"));
  TRY(check_mail_address(envelope.from));
  if (envelope.to.empty() || envelope.to.size() > kRecipientsMax) TRY(refuse("email_to must name 1 to 50 addresses"));
  for (const std::string& each : envelope.to) TRY(check_mail_address(each));
  if (envelope.user.empty() != envelope.password.empty())
    TRY(refuse("smtp_user and the password go together: give both, or neither"));
  return settings;
}

std::string mail_text(const Notice& notice, const Envelope& envelope) {
  // base64 has no "=_" inside, so it never meets the border.
  const std::string border = "=_" + notice.event_id;
  std::string to;
  for (const std::string& each : envelope.to) to += (to.empty() ? "" : ",\r\n ") + each;
  const auto part = [&](std::string_view type, std::string_view text) {
    return fmt::format("--{}\r\nContent-Type: {}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}", border,
                       type, base64_lines(text));
  };
  return fmt::format(
      "Date: {}\r\nFrom: TradeAssist <{}>\r\nTo: {}\r\nMessage-ID: <{}@{}>\r\nSubject: {}\r\n"
      "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\nContent-Type: multipart/alternative; "
      "boundary=\"{}\"\r\n\r\n{}{}--{}--\r\n",
      date_text(notice.at), envelope.from, to, notice.event_id, envelope.from.substr(envelope.from.find('@') + 1),
      header_text("[TradeAssist] " + notice.title), border, part("text/plain", plain_text(notice)),
      part("text/html", html_text(notice)), border);
}

Transfer mail_transfer(const MailSettings& settings, const Notice& notice) {
  Transfer transfer;
  const bool is_tls = settings.envelope.security == Envelope::Security::kTls;
  transfer.url = (is_tls ? "smtps://" : "smtp://") + settings.server;
  transfer.envelope = settings.envelope;
  transfer.body = mail_text(notice, settings.envelope);
  transfer.private_allowed = true;  // the operator named the server
  transfer.timeout = std::chrono::seconds(30);
  return transfer;
}

}  // namespace tradeassist::notify
