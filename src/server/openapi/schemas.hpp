#pragma once

#include <boost/describe.hpp>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/mp11/algorithm.hpp>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeindex>
#include <utility>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/time.hpp"

namespace tradeassist::server::openapi {

/// A member of a described answer that is not always there.
template <class T>
struct Sometimes {
  T value;
};

/// What a value of any of these kinds may be: the value of an input, say.
using PlainValue = std::variant<double, bool, std::string>;

/// A struct as it is asked for, or as it is answered. Of a request optional members may be left out or be null, and
/// what is not described is refused; an answer has all of its members but those that are Sometimes there.
enum class Use { kRequest, kAnswer };

/// The JSON schemas (draft 2020-12, as OpenAPI 3.1 has them) of described structs and enums, each under its own name.
/// What they mean comes from field_facts.hpp.
class Schemas {
 public:
  /// The schema of T; of a struct or an enum a reference to a component.
  template <class T>
  boost::json::object of(Use use) {
    return schema_of<T>(use, "");
  }

  /// Makes a property that is only known as "any JSON" that of T.
  template <class T>
  void set_property(const std::string& component, std::string_view name, Use use);

  /// A component of that name. Throws std::logic_error where another has it.
  void add(const std::string& name, boost::json::object schema);

  /// All that were asked for, by name.
  const std::map<std::string, boost::json::object>& all() const { return all_; }

  /// An instant; a request may say a date, too, which is its midnight in UTC.
  static boost::json::object time_schema(Use use);
  static boost::json::object reference(const std::string& name);
  static boost::json::object nullable(boost::json::object schema);

 private:
  template <class T>
  boost::json::object schema_of(Use use, const std::string& place);
  template <class T>
  void fill_struct(Use use, const std::string& name);
  template <class T>
  boost::json::object component(Use use);

  /// Registers the name for the type; false where it is there already. Throws std::logic_error where it is another's.
  bool claim(const std::string& name, std::type_index type);

  std::map<std::string, boost::json::object> all_;
  std::map<std::string, std::type_index> types_;
};

/// "BacktestBody" → "BacktestRequest", "PartitionModel" → "Partition".
std::string component_name(const std::type_info& type, Use use);
/// Adds what field_facts.hpp knows: of "Job.state" itself, or of "state" in general. Bounds and examples of a name in
/// general are those of what is asked for.
void add_facts(boost::json::object& schema, const std::string& place, Use use);

namespace schemas_detail {

template <class T>
struct IsSometimes : std::false_type {};
template <class T>
struct IsSometimes<Sometimes<T>> : std::true_type {
  using Value = T;
};
template <class T>
struct IsVariant : std::false_type {};
template <class... T>
struct IsVariant<std::variant<T...>> : std::true_type {};

}  // namespace schemas_detail

template <class T>
boost::json::object Schemas::schema_of(Use use, const std::string& place) {
  namespace json = boost::json;
  namespace detail = base::json_detail;
  const auto with_facts = [&](json::object schema) {
    if (!place.empty()) add_facts(schema, place, use);
    return schema;
  };
  if constexpr (std::is_same_v<T, boost::json::value>) {
    return with_facts({});
  } else if constexpr (std::is_same_v<T, base::Time>) {
    return with_facts(time_schema(use));
  } else if constexpr (std::is_same_v<T, bool>) {
    return with_facts({{"type", "boolean"}});
  } else if constexpr (std::is_integral_v<T>) {
    return with_facts({{"type", "integer"}});
  } else if constexpr (std::is_same_v<T, double>) {
    return with_facts({{"type", "number"}});
  } else if constexpr (std::is_same_v<T, std::string>) {
    return with_facts({{"type", "string"}});
  } else if constexpr (detail::IsOptional<T>::value) {
    return nullable(schema_of<typename T::value_type>(use, place));
  } else if constexpr (schemas_detail::IsSometimes<T>::value) {
    return schema_of<typename schemas_detail::IsSometimes<T>::Value>(use, place);
  } else if constexpr (std::is_same_v<T, PlainValue>) {
    return with_facts({{"type", json::array{"number", "boolean", "string"}}});
  } else if constexpr (schemas_detail::IsVariant<T>::value) {
    json::array any;
    boost::mp11::mp_for_each<boost::mp11::mp_transform<std::type_identity, T>>(
        [&](auto each) { any.push_back(schema_of<typename decltype(each)::type>(use, "")); });
    return with_facts({{"anyOf", std::move(any)}});
  } else if constexpr (detail::IsVector<T>::value) {
    return with_facts({{"type", "array"}, {"items", schema_of<typename T::value_type>(use, place + "[]")}});
  } else if constexpr (detail::IsStringMap<T>::value) {
    return with_facts(
        {{"type", "object"}, {"additionalProperties", schema_of<typename T::mapped_type>(use, place + "[]")}});
  } else {
    return with_facts(component<T>(use));
  }
}

template <class T>
boost::json::object Schemas::component(Use use) {
  const std::string name = component_name(typeid(T), use);
  if (!claim(name, typeid(T))) return reference(name);
  if constexpr (base::json_detail::DescribedEnum<T>) {
    boost::json::array names;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>(
        [&](auto enumerator) { names.emplace_back(base::json_detail::enum_text(enumerator.name)); });
    all_[name] = {{"type", "string"}, {"enum", std::move(names)}};
    add_facts(all_[name], name, use);
  } else {
    fill_struct<T>(use, name);
  }
  return reference(name);
}

template <class T>
void Schemas::fill_struct(Use use, const std::string& name) {
  namespace json = boost::json;
  json::object properties;
  json::array required;
  boost::mp11::mp_for_each<base::json_detail::Members<T>>([&](auto member) {
    using Field = std::remove_cvref_t<decltype(std::declval<T&>().*member.pointer)>;
    const std::string field(base::json_detail::member_name(member.name));
    properties[field] = schema_of<Field>(use, name + "." + field);
    const bool may_be_absent = (use == Use::kRequest && base::json_detail::IsOptional<Field>::value) ||
                               schemas_detail::IsSometimes<Field>::value;
    if (!may_be_absent) required.emplace_back(field);
  });
  json::object schema{{"type", "object"}, {"properties", std::move(properties)}};
  if (!required.empty()) schema["required"] = std::move(required);
  if (use == Use::kRequest) schema["additionalProperties"] = false;
  add_facts(schema, name, use);
  all_[name] = std::move(schema);
}

template <class T>
void Schemas::set_property(const std::string& component, std::string_view name, Use use) {
  boost::json::object schema = of<T>(use);
  add_facts(schema, component + "." + std::string(name), use);
  all_.at(component).at("properties").as_object()[name] = std::move(schema);
}

}  // namespace tradeassist::server::openapi
