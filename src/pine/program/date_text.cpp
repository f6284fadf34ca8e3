#include "pine/program/date_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "base/month_names.hpp"
#include "market/zone_clock.hpp"

namespace tradeassist::pine {
namespace {

struct Token {
  enum class Kind { kNumber, kWord, kSign } kind = Kind::kSign;
  std::string text;  // lower case
  int number = 0;
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::optional<std::vector<Token>> tokens_of(std::string_view text) {
  constexpr std::size_t kLengthMax = 64;
  if (text.size() > kLengthMax) return std::nullopt;
  std::vector<Token> tokens;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == ' ' || text[i] == '\t') {
      ++i;
      continue;
    }
    Token token;
    std::size_t end = i + 1;
    if (is_digit(text[i])) {
      token.kind = Token::Kind::kNumber;
      while (end < text.size() && is_digit(text[end])) ++end;
      if (std::from_chars(text.data() + i, text.data() + end, token.number).ec != std::errc()) return std::nullopt;
    } else if (is_letter(text[i])) {
      token.kind = Token::Kind::kWord;
      while (end < text.size() && is_letter(text[end])) ++end;
    }
    for (const char c : text.substr(i, end - i)) token.text += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    tokens.push_back(std::move(token));
    i = end;
  }
  return tokens;
}

/// A day's name, written out or cut to three letters.
bool is_weekday(const std::string& word) {
  static constexpr std::array<std::string_view, 7> kDays = {"monday", "tuesday",  "wednesday", "thursday",
                                                            "friday", "saturday", "sunday"};
  return std::ranges::any_of(kDays, [&](std::string_view name) { return word == name || word == name.substr(0, 3); });
}

class DateText {
 public:
  explicit DateText(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::optional<std::int64_t> instant() {
    if (is_word(0) && is_weekday(tokens_[at_].text)) at_ += is_sign(1, ",") ? 2 : 1;
    if (!date() || !time() || !zone() || at_ != tokens_.size()) return std::nullopt;
    const std::int64_t days = market::days_from_civil({year_, static_cast<unsigned>(month_), 1}) + day_ - 1;
    return days * 86'400 + hour_ * 3600 + minute_ * 60 + second_ - zone_seconds_;
  }

 private:
  bool is(std::size_t ahead, Token::Kind kind) const {
    return at_ + ahead < tokens_.size() && tokens_[at_ + ahead].kind == kind;
  }
  bool is_number(std::size_t ahead) const { return is(ahead, Token::Kind::kNumber); }
  bool is_word(std::size_t ahead) const { return is(ahead, Token::Kind::kWord); }
  bool is_sign(std::size_t ahead, std::string_view signs) const {
    return is(ahead, Token::Kind::kSign) && signs.find(tokens_[at_ + ahead].text) != std::string_view::npos;
  }

  /// Up to three numbers and names of months; a number with a clock's colon after it is one only right behind a `-`,
  /// `/` or `.`.
  bool date() {
    std::vector<Token> parts;
    int named_month = 0;
    while (parts.size() + (named_month != 0 ? 1 : 0) < 3) {
      const bool glued =
          !parts.empty() && at_ > 0 && tokens_[at_ - 1].kind == Token::Kind::kSign && tokens_[at_ - 1].text != ",";
      if (is_number(0) && (glued || !is_sign(1, ":"))) {
        parts.push_back(tokens_[at_++]);
      } else if (is_word(0) && named_month == 0 && base::month_number(tokens_[at_].text) != 0) {
        named_month = base::month_number(tokens_[at_++].text);
      } else {
        break;
      }
      if (is_sign(0, "-/.,") && (is_number(1) || is_word(1))) ++at_;
    }
    return interpret(parts, named_month);
  }

  bool interpret(const std::vector<Token>& parts, int named_month) {
    const auto is_year = [](const Token& token) { return token.text.size() == 4; };
    if (parts.empty()) return false;
    if (named_month != 0) {
      month_ = named_month;
      if (parts.size() > 2) return false;
      const std::size_t year_at = is_year(parts.back()) ? parts.size() - 1 : 0;
      if (!is_year(parts[year_at])) return false;
      year_ = parts[year_at].number;
      day_ = parts.size() == 2 ? parts[1 - year_at].number : 1;
    } else if (is_year(parts[0])) {
      year_ = parts[0].number;
      month_ = parts.size() > 1 ? parts[1].number : 1;
      day_ = parts.size() > 2 ? parts[2].number : 1;
    } else {
      if (parts.size() != 3 || !is_year(parts[2])) return false;
      month_ = parts[0].number;
      day_ = parts[1].number;
      year_ = parts[2].number;
    }
    return month_ >= 1 && month_ <= 12 && day_ >= 1 && day_ <= 31;
  }

  /// An hour always has its minutes.
  bool time() {
    if ((is_word(0) && tokens_[at_].text == "t") || is_sign(0, ":,")) ++at_;
    if (!is_number(0) || !is_sign(1, ":")) return true;
    if (!is_number(2)) return false;
    hour_ = tokens_[at_].number;
    minute_ = tokens_[at_ + 2].number;
    at_ += 3;
    if (is_sign(0, ":") && is_number(1)) {
      second_ = tokens_[at_ + 1].number;
      at_ += 2;
      if (is_sign(0, ".") && is_number(1)) at_ += 2;  // fractions of a second
    }
    if (is_word(0) && (tokens_[at_].text == "am" || tokens_[at_].text == "pm")) {
      if (hour_ < 1 || hour_ > 12) return false;
      hour_ = hour_ % 12 + (tokens_[at_++].text == "pm" ? 12 : 0);
    }
    return hour_ <= 24 && minute_ < 60 && second_ < 60;
  }

  bool zone() {
    struct Named {
      std::string_view name;
      int hours;
    };
    static constexpr Named kZones[] = {{"z", 0},    {"utc", 0},  {"gmt", 0},  {"ut", 0},   {"est", -5}, {"edt", -4},
                                       {"cst", -6}, {"cdt", -5}, {"mst", -7}, {"mdt", -6}, {"pst", -8}, {"pdt", -7}};
    if (is_word(0)) {
      bool known = false;
      for (const Named& zone : kZones) {
        if (zone.name != tokens_[at_].text) continue;
        zone_seconds_ = zone.hours * 3600;
        known = true;
      }
      if (!known) return false;
      ++at_;
    }
    if (!is_sign(0, "+-") || !is_number(1)) return true;
    const int sign = tokens_[at_].text == "-" ? -1 : 1;
    const Token& digits = tokens_[at_ + 1];
    at_ += 2;
    int hours = digits.number, minutes = 0;
    if (digits.text.size() > 2) {
      hours = digits.number / 100;
      minutes = digits.number % 100;
    } else if (is_sign(0, ":") && is_number(1)) {
      minutes = tokens_[at_ + 1].number;
      at_ += 2;
    }
    zone_seconds_ = sign * (hours * 3600 + minutes * 60);
    return digits.text.size() <= 4 && hours <= 14 && minutes < 60;
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int year_ = 0, month_ = 1, day_ = 1, hour_ = 0, minute_ = 0, second_ = 0;
  std::int64_t zone_seconds_ = 0;
};

}  // namespace

std::optional<std::int64_t> parse_date_text(std::string_view text) {
  auto tokens = tokens_of(text);
  if (!tokens) return std::nullopt;
  return DateText(std::move(*tokens)).instant();
}

}  // namespace tradeassist::pine
