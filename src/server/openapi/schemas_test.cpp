#include "server/openapi/schemas.hpp"

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <stdexcept>

namespace tradeassist::server::openapi {

namespace json = boost::json;

enum class Colour { kRed, kDarkBlue };
BOOST_DESCRIBE_ENUM(Colour, kRed, kDarkBlue)

struct Wheel {
  double size;
};
BOOST_DESCRIBE_STRUCT(Wheel, (), (size))

struct CarBody {
  std::string maker;
  std::optional<std::int64_t> doors;
  std::vector<Wheel> wheels;
  std::optional<Wheel> spare;
  std::map<std::string, PlainValue> extras;
  std::optional<base::Time> built_at;
  Colour colour;
  json::value anything;
};
BOOST_DESCRIBE_STRUCT(CarBody, (), (maker, doors, wheels, spare, extras, built_at, colour, anything))

struct CarModel {
  std::string maker;
  std::optional<std::int64_t> doors;
  Sometimes<bool> sold;
};
BOOST_DESCRIBE_STRUCT(CarModel, (), (maker, doors, sold))

namespace other {
struct Wheel {
  int spokes;
};
BOOST_DESCRIBE_STRUCT(Wheel, (), (spokes))
}  // namespace other

namespace {

TEST(Schemas, say_what_a_request_may_be) {
  Schemas schemas;
  EXPECT_EQ(schemas.of<CarBody>(Use::kRequest), json::parse(R"({"$ref": "#/components/schemas/CarRequest"})"));
  const json::object& car = schemas.all().at("CarRequest");
  EXPECT_EQ(car.at("additionalProperties"), json::value(false));
  EXPECT_EQ(car.at("required"), json::parse(R"(["maker", "wheels", "extras", "colour", "anything"])"));
  const json::object& fields = car.at("properties").as_object();
  EXPECT_EQ(fields.at("maker"), json::parse(R"({"type": "string"})"));
  EXPECT_EQ(fields.at("doors"), json::parse(R"({"type": ["integer", "null"]})"));
  EXPECT_EQ(fields.at("wheels"),
            json::parse(R"({"type": "array", "items": {"$ref": "#/components/schemas/WheelRequest"}})"));
  EXPECT_EQ(fields.at("spare"),
            json::parse(R"({"anyOf": [{"$ref": "#/components/schemas/WheelRequest"}, {"type": "null"}]})"));
  EXPECT_EQ(fields.at("extras"),
            json::parse(R"({"type": "object", "additionalProperties": {"type": ["number", "boolean", "string"]}})"));
  EXPECT_EQ(fields.at("built_at").at("anyOf").as_array().size(), 3u);  // an instant, a date, null
  EXPECT_EQ(fields.at("anything"), json::parse("{}"));
  EXPECT_EQ(schemas.all().at("ColourRequest"), json::parse(R"({"type": "string", "enum": ["red", "dark_blue"]})"));
}

TEST(Schemas, say_what_an_answer_always_has) {
  Schemas schemas;
  schemas.of<CarModel>(Use::kAnswer);
  const json::object& car = schemas.all().at("Car");
  EXPECT_EQ(car.at("required"), json::parse(R"(["maker", "doors"])"));
  EXPECT_FALSE(car.contains("additionalProperties"));
  EXPECT_EQ(car.at("properties").at("sold"), json::parse(R"({"type": "boolean"})"));
}

TEST(Schemas, null_joins_the_values_of_an_enumeration) {
  EXPECT_EQ(Schemas::nullable({{"type", "string"}, {"enum", json::array{"a"}}}),
            json::parse(R"({"type": ["string", "null"], "enum": ["a", null]})"));
}

TEST(Schemas, two_types_of_one_name_are_a_mistake) {
  Schemas schemas;
  schemas.of<Wheel>(Use::kAnswer);
  EXPECT_THROW(schemas.of<other::Wheel>(Use::kAnswer), std::logic_error);
}

}  // namespace
}  // namespace tradeassist::server::openapi
