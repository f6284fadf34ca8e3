#include "server/openapi/schemas.hpp"

#include <boost/core/demangle.hpp>
#include <stdexcept>

#include "server/openapi/field_facts.hpp"

namespace tradeassist::server::openapi {

namespace json = boost::json;

json::object Schemas::time_schema(Use use) {
  json::object instant{{"type", "string"}, {"format", "date-time"}};
  if (use == Use::kAnswer) return instant;
  return {{"anyOf", json::array{std::move(instant), json::object{{"type", "string"}, {"format", "date"}}}}};
}

json::object Schemas::reference(const std::string& name) { return {{"$ref", "#/components/schemas/" + name}}; }

json::object Schemas::nullable(json::object schema) {
  if (json::value* type = schema.if_contains("type")) {
    if (type->is_string())
      *type = json::array{*type, "null"};
    else
      type->as_array().emplace_back("null");
    if (json::value* values = schema.if_contains("enum")) values->as_array().emplace_back(nullptr);
    return schema;
  }
  const auto either = [](json::object of) { return json::array{std::move(of), json::object{{"type", "null"}}}; };
  if (const json::value* to = schema.if_contains("$ref")) {
    json::array any = either({{"$ref", *to}});
    schema.erase("$ref");
    schema["anyOf"] = std::move(any);
  } else if (json::value* any = schema.if_contains("anyOf")) {
    any->as_array().emplace_back(json::object{{"type", "null"}});
  }
  return schema;  // anything may be null anyhow
}

void Schemas::add(const std::string& name, json::object schema) {
  if (!all_.emplace(name, std::move(schema)).second) throw std::logic_error("two schemas are called " + name);
}

bool Schemas::claim(const std::string& name, std::type_index type) {
  const auto [place, is_new] = types_.emplace(name, type);
  if (place->second != type) throw std::logic_error("two types would have the schema " + name);
  return is_new;
}

std::string component_name(const std::type_info& type, Use use) {
  std::string name = boost::core::demangle(type.name());
  name.erase(0, name.rfind(':') + 1);
  const auto drop = [&](std::string_view ending) {
    if (!name.ends_with(ending)) return false;
    name.erase(name.size() - ending.size());
    return true;
  };
  const bool is_body = drop("Body");
  if (use == Use::kRequest) {
    if (is_body || !name.ends_with("Request")) name += "Request";
  } else {
    drop("Model");
  }
  return name;
}

void add_facts(json::object& schema, const std::string& place, Use use) {
  const FieldFacts* facts = find_facts(place);
  if (facts == nullptr) return;
  if (!facts->description.empty()) schema["description"] = facts->description;
  const bool is_general = facts->place != place && use == Use::kAnswer;
  for (const auto& entry : more_of(*facts)) {
    if (!is_general || entry.key() == "enum" || entry.key() == "type") schema[entry.key()] = entry.value();
  }
}

}  // namespace tradeassist::server::openapi
