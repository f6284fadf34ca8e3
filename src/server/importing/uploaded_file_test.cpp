#include "server/importing/uploaded_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "server/http/content_coding.hpp"

namespace tradeassist::server {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string content(const std::filesystem::path& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

TEST(UploadedFile, is_there_under_its_name_until_it_goes) {
  std::filesystem::path path;
  {
    const auto file = UploadedFile::write("a,b\n1,2\n", "prices.csv");
    ASSERT_TRUE(file) << file.error().message;
    ASSERT_EQ(file->files().size(), 1U);
    EXPECT_EQ(file->files()[0].name, "prices.csv");
    EXPECT_EQ(file->files()[0].base_name, "prices.csv");
    path = file->files()[0].path;
    EXPECT_EQ(content(path), "a,b\n1,2\n");
    EXPECT_EQ(std::filesystem::status(path).permissions() & std::filesystem::perms::others_all,
              std::filesystem::perms::none);
  }
  EXPECT_FALSE(std::filesystem::exists(path));
}

TEST(UploadedFile, unpacks_what_is_packed) {
  const auto file = UploadedFile::write(encode(ContentCoding::kGzip, "a,b\n1,2\n"), "prices.csv.gz");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->files().size(), 1U);
  EXPECT_EQ(file->files()[0].name, "prices.csv.gz");
  EXPECT_EQ(content(file->files()[0].path), "a,b\n1,2\n");
}

TEST(UploadedFile, errors_name_the_file_and_not_its_place) {
  std::string packed = encode(ContentCoding::kGzip, std::string(100'000, 'x'));
  const auto too_long = UploadedFile::write(packed, "bomb.gz", {.bytes_max = 10'000});
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().code, base::ErrorCode::kResourceExhausted);
  EXPECT_THAT(too_long.error().message, HasSubstr("bomb.gz"));
  EXPECT_THAT(too_long.error().message, Not(HasSubstr("tradeassist-upload")));
  packed.resize(packed.size() / 2);
  const auto cut_off = UploadedFile::write(packed, "cut.gz");
  ASSERT_FALSE(cut_off);
  EXPECT_EQ(cut_off.error().code, base::ErrorCode::kInvalidArgument);
}

}  // namespace
}  // namespace tradeassist::server
