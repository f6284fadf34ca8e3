// User types, enums and collections: their names, their values, their fields.
#include <algorithm>
#include <utility>

#include "pine/analysis/lowering.hpp"

namespace tradeassist::pine {

using namespace ast;

void Lowering::declare_types() {
  for (std::size_t file = 0; file < files_.size(); ++file) {
    for (const StatementPtr& statement : files_[file].script->statements) {
      const auto* record = std::get_if<TypeDeclaration>(&statement->node);
      const auto* enumeration = std::get_if<EnumDeclaration>(&statement->node);
      if (record == nullptr && enumeration == nullptr) continue;
      const auto number = static_cast<std::uint32_t>(user_types_.size());
      UserType made;
      made.name = record != nullptr ? record->name : enumeration->name;
      made.file = file;
      made.type = record != nullptr ? record_type(number) : enum_type(number);
      made.record = record;
      made.enumeration = enumeration;
      if (!files_[file].types.emplace(made.name, number).second) {
        error(record != nullptr ? record->name_range : enumeration->name_range,
              "the type `" + made.name + "` is declared twice");
      }
      user_types_.push_back(std::move(made));
    }
  }
  for (UserType& type : user_types_) {
    const InFile inside(*this, type.file);
    if (type.record != nullptr) {
      std::set<std::string> names;
      for (const TypeDeclaration::Field& field : type.record->fields) {
        if (!names.insert(field.name).second) error(field.range, "the field `" + field.name + "` is declared twice");
        type.fields.push_back(type_of(field.type).value_or(Type::kError));
      }
    } else {
      // A member is its title, so that it prints, serves as a key and as an option of an input; two of one enum must
      // therefore differ.
      std::set<std::string> names, titles;
      for (const EnumDeclaration::Member& member : type.enumeration->members) {
        if (!names.insert(member.name).second) error(member.range, "`" + member.name + "` is declared twice");
        if (!titles.insert(member.title).second) {
          error(member.range, "the title \"" + member.title + "\" names two members of `" + type.name + "`",
                "give each its own title");
        }
      }
    }
  }
}

const UserType* Lowering::find_type(const std::string& name) const {
  if (const auto own = here().types.find(name); own != here().types.end()) return &user_types_[own->second];
  const auto from = imported(name);
  if (!from || from->file == nullptr) return nullptr;
  const auto found = from->file->types.find(from->name);
  if (found == from->file->types.end()) return nullptr;
  const UserType& type = user_types_[found->second];
  return (type.record != nullptr ? type.record->exported : type.enumeration->exported) ? &type : nullptr;
}

std::string Lowering::to_string(Type type) const {
  const auto named = [&](Type plain) {
    return is_record(plain) || is_enum(plain) ? user_type(plain).name : pine::to_string(plain);
  };
  switch (collection_of(type)) {
    case Collection::kNone: return named(type);
    case Collection::kArray: return "array<" + named(element_of(type)) + ">";
    case Collection::kMatrix: return "matrix<" + named(element_of(type)) + ">";
    case Collection::kMap: return "map<" + named(key_of(type)) + ", " + named(element_of(type)) + ">";
  }
  return named(type);
}

std::string Lowering::type_name(Type type, Qualifier qualifier) const {
  return is_reference(type) || is_enum(type) ? to_string(type) : pine::type_name(type, qualifier);
}

std::optional<Type> Lowering::type_of(const TypeSpec& spec) {
  const auto refuse = [&](std::string message, std::string hint = {}) {
    error(spec.range, std::move(message), std::move(hint));
    return std::nullopt;
  };
  const bool is_collection = spec.name == "array" || spec.name == "matrix" || spec.name == "map";
  if (!is_collection) {
    if (!spec.arguments.empty()) return refuse("`" + spec.name + "` takes no type arguments");
    if (const UserType* own = find_type(spec.name)) return own->type;
    if (const auto plain = parse_pattern(spec.name); plain && plain->element.variable == 0) return plain->element.type;
    if (spec.name == "hline") return Type::kPlot;
    if (const auto from = imported(spec.name)) {
      not_exported(*from, spec.range);
      return std::nullopt;
    }
    return refuse("there is no type `" + spec.name + "`",
                  "types are int, float, bool, string, color, array<…>, matrix<…>, map<…>, the drawings, and what the "
                  "script declares with `type` or `enum`");
  }
  const std::size_t wanted = spec.name == "map" ? 2 : 1;
  if (spec.arguments.size() != wanted) {
    return refuse(
        "`" + spec.name + "` needs " + (wanted == 2 ? "two types: map<key, value>" : "the type of its elements"),
        spec.name + (wanted == 2 ? "<string, float>" : "<float>"));
  }
  std::vector<Type> inside;
  for (const TypeSpec& argument : spec.arguments) {
    const auto type = type_of(argument);
    if (!type) return std::nullopt;
    if (collection_of(*type) != Collection::kNone) {
      return refuse("a collection cannot hold collections", "put the inner one into a field of a user type");
    }
    if (!is_value_type(*type) && !is_reference(*type)) {
      return refuse("`" + to_string(*type) + "` cannot be an element of a collection");
    }
    inside.push_back(*type);
  }
  if (spec.name == "array") return array_of(inside[0]);
  if (spec.name == "matrix") return matrix_of(inside[0]);
  if (!is_value_type(inside[0])) {
    return refuse("the keys of a map are int, float, bool, string, color or an enum, not " + to_string(inside[0]));
  }
  return map_of(inside[0], inside[1]);
}

std::optional<Value> Lowering::enum_member(const std::string& dotted) {
  const std::size_t dot = dotted.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  const UserType* type = find_type(dotted.substr(0, dot));
  if (type == nullptr || type->enumeration == nullptr) return std::nullopt;
  for (const EnumDeclaration::Member& member : type->enumeration->members) {
    if (member.name != dotted.substr(dot + 1)) continue;
    Value value = emit_.text(member.title);
    value.type = type->type;
    return value;
  }
  return error(emit_.range(), "the enum `" + type->name + "` has no member `" + dotted.substr(dot + 1) + "`");
}

/// `label.all` and its kin: an array of the drawings that are there.
std::optional<Value> Lowering::drawing_list(const std::string& dotted) {
  if (!dotted.ends_with(".all")) return std::nullopt;
  const auto type = parse_pattern(dotted.substr(0, dotted.size() - 4));
  if (!type || !is_drawing(type->element.type)) return std::nullopt;
  const auto layout = static_cast<std::uint32_t>(type->element.type) - static_cast<std::uint32_t>(Type::kLabel);
  return emit_.heap_call(Function::kDrawingAll, {}, {array_of(type->element.type)}, layout);
}

std::optional<Value> Lowering::record_call(const std::string& dotted, const Expression& expression, const Call& node) {
  const std::size_t dot = dotted.rfind('.');
  if (dot == std::string::npos) return std::nullopt;
  const UserType* type = find_type(dotted.substr(0, dot));
  if (type == nullptr || type->record == nullptr) return std::nullopt;
  const std::string operation = dotted.substr(dot + 1);
  if (operation == "new") return new_record(*type, expression, node);
  if (operation == "copy") {
    const auto bound = bind(dotted, {"object"}, {false}, expression, node);
    if (!bound) return Value{};
    const Value object =
        convert(scalar(*(*bound)[0]), type->type, (*bound)[0]->range, "the argument of " + dotted + "()");
    return object.is_error() ? Value{} : emit_.copy_record(object);
  }
  return error(expression.range, "the type `" + type->name + "` has new() and copy(), not `" + operation + "`");
}

Value Lowering::new_record(const UserType& type, const Expression& expression, const Call& node) {
  std::vector<std::string> names;
  for (const TypeDeclaration::Field& field : type.record->fields) names.push_back(field.name);
  const auto bound = bind(type.name + ".new", names, std::vector<bool>(names.size(), true), expression, node);
  if (!bound) return {};
  if (names.size() > 250) return error(expression.range, "`" + type.name + "` has more than 250 fields");
  std::vector<Slot> fields;
  bool failed = false;
  for (std::size_t i = 0; i < names.size(); ++i) {
    const TypeDeclaration::Field& field = type.record->fields[i];
    const bool is_default = (*bound)[i] == nullptr;
    const Expression* given = is_default ? field.default_value.get() : (*bound)[i];
    Value value;
    if (given != nullptr) {
      std::optional<InFile> at_home;
      if (is_default && type.file != file_) at_home.emplace(*this, type.file);
      value = convert(scalar(*given), type.fields[i], given->range, "the field `" + field.name + "` of " + type.name);
      failed = failed || value.is_error();
    } else if (type.fields[i] == Type::kBool && !rules_.bool_can_be_na) {
      value = emit_.number(0, Type::kBool);
    }
    fields.push_back(value.slot);
  }
  if (failed) return {};
  emit_.at(expression.range);
  return emit_.new_record(static_cast<std::uint32_t>(Layout::kUser) + number_of(type.type), fields, type.type);
}

std::optional<std::pair<std::uint32_t, Type>> Lowering::field_of(Type type, const std::string& name,
                                                                 SourceRange range) {
  if (is_record(type)) {
    const UserType& own = user_type(type);
    for (std::size_t i = 0; i < own.record->fields.size(); ++i) {
      if (own.record->fields[i].name == name) return std::pair(static_cast<std::uint32_t>(i), own.fields[i]);
    }
  }
  if (type == Type::kChartPoint) {
    if (const int index = field_index(Layout::kChartPoint, name); index >= 0) {
      return std::pair(static_cast<std::uint32_t>(index), name == "price" ? Type::kFloat : Type::kInt);
    }
  }
  error(range, "a " + to_string(type) + " has no field `" + name + "`");
  return std::nullopt;
}

Value Lowering::get_field(const Value& object, const std::string& name, SourceRange range, SourceRange name_range) {
  const auto field = field_of(object.type, name, name_range);
  if (!field) return {};
  emit_.at(range);
  return emit_.get_field(object, field->first, field->second);
}

Value Lowering::assign_field(const Statement& statement, const Assignment& node, const Member& target) {
  const Value object = scalar(*target.object);
  Value value = structure(*node.value, true);
  if (object.is_error()) return {};
  const auto field = field_of(object.type, target.name, target.name_range);
  if (!field) return {};
  if (node.op && !value.is_error()) {
    const Value before = emit_.get_field(object, field->first, field->second);
    value = arithmetic(*node.op, before, value, statement.range);
  }
  value = convert(value, field->second, node.value->range, "the field `" + target.name + "`");
  if (value.is_error()) return {};
  emit_.at(statement.range);
  emit_.set_field(object, field->first, value);
  return value;
}

}  // namespace tradeassist::pine
