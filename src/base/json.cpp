#include "base/json.hpp"

#include <boost/json.hpp>
#include <boost/json/basic_parser_impl.hpp>
#include <cctype>
#include <charconv>
#include <cmath>

namespace tradeassist::base {
namespace {

constexpr std::size_t kDepthMax = 64;
constexpr std::size_t kErrorsMax = 100;

void append_string(std::string& out, const boost::json::string& text) { out += boost::json::serialize(text); }

void append_double(std::string& out, double value) {
  if (!std::isfinite(value)) {
    out += "null";
    return;
  }
  char buffer[32];
  const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
  out.append(buffer, end);
}

void append(std::string& out, const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::object: {
      out += '{';
      bool first = true;
      for (const auto& entry : value.get_object()) {
        if (!first) out += ',';
        first = false;
        append_string(out, boost::json::string(entry.key()));
        out += ':';
        append(out, entry.value());
      }
      out += '}';
      break;
    }
    case boost::json::kind::array: {
      out += '[';
      bool first = true;
      for (const auto& element : value.get_array()) {
        if (!first) out += ',';
        first = false;
        append(out, element);
      }
      out += ']';
      break;
    }
    case boost::json::kind::string: append_string(out, value.get_string()); break;
    case boost::json::kind::double_: append_double(out, value.get_double()); break;
    case boost::json::kind::int64: out += std::to_string(value.get_int64()); break;
    case boost::json::kind::uint64: out += std::to_string(value.get_uint64()); break;
    case boost::json::kind::bool_: out += value.get_bool() ? "true" : "false"; break;
    case boost::json::kind::null: out += "null"; break;
  }
}

// Builds a value from parser events. Boost's own numbers may be off in the last bit, and a stored result that is read
// back must be the same to the bit, so the text of every number with a fraction or an exponent is kept and converted
// exactly.
class ValueBuilder {
 public:
  static constexpr std::size_t max_object_size = boost::json::object::max_size();
  static constexpr std::size_t max_array_size = boost::json::array::max_size();
  static constexpr std::size_t max_key_size = boost::json::string::max_size();
  static constexpr std::size_t max_string_size = boost::json::string::max_size();

  using error_code = boost::json::error_code;
  using string_view = boost::json::string_view;

  boost::json::value release() { return stack_.release(); }

  bool on_document_begin(error_code&) {
    stack_.reset();
    return true;
  }
  bool on_document_end(error_code&) { return true; }
  bool on_object_begin(error_code&) { return true; }
  bool on_object_end(std::size_t size, error_code&) {
    stack_.push_object(size);
    return true;
  }
  bool on_array_begin(error_code&) { return true; }
  bool on_array_end(std::size_t size, error_code&) {
    stack_.push_array(size);
    return true;
  }
  bool on_key_part(string_view text, std::size_t, error_code&) {
    stack_.push_chars(text);
    return true;
  }
  bool on_key(string_view text, std::size_t, error_code&) {
    stack_.push_key(text);
    return true;
  }
  bool on_string_part(string_view text, std::size_t, error_code&) {
    stack_.push_chars(text);
    return true;
  }
  bool on_string(string_view text, std::size_t, error_code&) {
    stack_.push_string(text);
    return true;
  }
  bool on_number_part(string_view text, error_code&) {
    number_.append(text.data(), text.size());
    return true;
  }
  bool on_int64(std::int64_t value, string_view, error_code&) {
    number_.clear();
    stack_.push_int64(value);
    return true;
  }
  bool on_uint64(std::uint64_t value, string_view, error_code&) {
    number_.clear();
    stack_.push_uint64(value);
    return true;
  }
  bool on_double(double nearby, string_view text, error_code& error) {
    number_.append(text.data(), text.size());
    double value = 0;
    const auto parsed = std::from_chars(number_.data(), number_.data() + number_.size(), value);
    number_.clear();
    if (parsed.ec == std::errc::result_out_of_range) {
      if (std::abs(nearby) > 1) {
        error = boost::json::error::exponent_overflow;
        return false;
      }
      value = std::copysign(0.0, nearby);
    }
    stack_.push_double(value);
    return true;
  }
  bool on_bool(bool value, error_code&) {
    stack_.push_bool(value);
    return true;
  }
  bool on_null(error_code&) {
    stack_.push_null();
    return true;
  }
  bool on_comment_part(string_view, error_code&) { return true; }
  bool on_comment(string_view, error_code&) { return true; }

 private:
  boost::json::value_stack stack_;
  std::string number_;
};

}  // namespace

Result<boost::json::value> parse_json(std::string_view text, std::size_t bytes_max) {
  if (text.size() > bytes_max) {
    return failure(ErrorCode::kInvalidArgument, "the JSON text is longer than " + std::to_string(bytes_max) + " bytes");
  }
  boost::json::parse_options options;
  options.max_depth = kDepthMax;
  boost::json::basic_parser<ValueBuilder> parser(options);
  boost::json::error_code error;
  const std::size_t read = parser.write_some(false, text.data(), text.size(), error);
  if (!error && read < text.size()) error = boost::json::error::extra_data;
  if (error) {
    return failure(ErrorCode::kInvalidArgument,
                   "the JSON text is not valid near byte " + std::to_string(read) + ": " + error.message());
  }
  return parser.handler().release();
}

std::string json_text(const boost::json::value& value) {
  std::string out;
  append(out, value);
  return out;
}

namespace json_detail {

std::string enum_text(std::string_view enumerator) {
  if (enumerator.size() > 1 && enumerator[0] == 'k' && std::isupper(static_cast<unsigned char>(enumerator[1]))) {
    enumerator.remove_prefix(1);
  }
  std::string text;
  for (const char c : enumerator) {
    const bool upper = c >= 'A' && c <= 'Z';
    if (upper && !text.empty()) text += '_';
    text += upper ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return text;
}

std::string child_pointer(const std::string& pointer, std::string_view name) {
  std::string child = pointer + "/";
  for (const char c : name) {
    if (c == '~') {
      child += "~0";
    } else if (c == '/') {
      child += "~1";
    } else {
      child += c;
    }
  }
  return child;
}

std::string_view kind_name(const boost::json::value& value) {
  switch (value.kind()) {
    case boost::json::kind::object: return "an object";
    case boost::json::kind::array: return "an array";
    case boost::json::kind::string: return "a string";
    case boost::json::kind::bool_: return "a boolean";
    case boost::json::kind::null: return "null";
    default: return "a number";
  }
}

void add_error(std::vector<FieldError>& errors, const std::string& pointer, std::string message) {
  if (errors.size() < kErrorsMax) errors.push_back({pointer, std::move(message)});
}

bool read_integer(const boost::json::value& value, std::int64_t minimum, std::uint64_t maximum,
                  const std::string& pointer, std::vector<FieldError>& errors, std::int64_t& out) {
  const auto refuse = [&](std::string message) {
    add_error(errors, pointer, std::move(message));
    return false;
  };
  if (!value.is_number()) return refuse("must be an integer, is " + std::string(kind_name(value)));
  const std::string range = "must be an integer from " + std::to_string(minimum) + " to " + std::to_string(maximum);
  if (value.is_uint64()) {
    if (value.get_uint64() > maximum) return refuse(range);
    out = static_cast<std::int64_t>(value.get_uint64());
    return true;
  }
  if (value.is_double()) {  // 5.0 is an integer in JSON
    const double number = value.get_double();
    if (number != std::floor(number) || std::abs(number) > 9007199254740992.0) return refuse(range);
    out = static_cast<std::int64_t>(number);
  } else {
    out = value.get_int64();
  }
  if (out < minimum || (out > 0 && static_cast<std::uint64_t>(out) > maximum)) return refuse(range);
  return true;
}

bool read_double(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors,
                 double& out) {
  if (!value.is_number()) {
    add_error(errors, pointer, "must be a number, is " + std::string(kind_name(value)));
    return false;
  }
  out = value.to_number<double>();
  return true;
}

bool read_string(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors,
                 std::string& out) {
  if (!value.is_string()) {
    add_error(errors, pointer, "must be a string, is " + std::string(kind_name(value)));
    return false;
  }
  out = std::string(value.get_string());
  return true;
}

bool read_bool(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors,
               bool& out) {
  if (!value.is_bool()) {
    add_error(errors, pointer, "must be true or false, is " + std::string(kind_name(value)));
    return false;
  }
  out = value.get_bool();
  return true;
}

bool read_time(const boost::json::value& value, const std::string& pointer, std::vector<FieldError>& errors,
               Time& out) {
  std::string text;
  if (!read_string(value, pointer, errors, text)) return false;
  const auto time = parse_time(text);
  if (!time) {
    add_error(errors, pointer, time.error().message);
    return false;
  }
  out = *time;
  return true;
}

}  // namespace json_detail
}  // namespace tradeassist::base
