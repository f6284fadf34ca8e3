#include "report/export/export_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

namespace tradeassist::report {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ExportFilesTest : public ::testing::Test {
 protected:
  ExportFilesTest() : folder_(fs::path(::testing::TempDir()) / ("exports-" + std::to_string(::getpid()))) {
    fs::remove_all(folder_);
  }
  ~ExportFilesTest() override { fs::remove_all(folder_); }

  std::unique_ptr<ExportFiles> open() {
    auto files = ExportFiles::open(folder_, limits_, [this] { return now_; });
    EXPECT_TRUE(files) << files.error().message;
    return std::move(*files);
  }
  std::size_t on_disk() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder_), fs::directory_iterator()));
  }

  fs::path folder_;
  ExportLimits limits_;
  base::Time now_ = *base::parse_time("2024-03-01T10:00:00Z");
};

TEST_F(ExportFilesTest, a_file_is_kept_over_a_restart_and_read_in_parts) {
  const auto added = open()->add("My report.pdf", "application/pdf", "0123456789", "ann");
  ASSERT_TRUE(added) << added.error().message;
  EXPECT_EQ(added->id.size(), 32u);
  const auto files = open();
  const auto found = files->find(added->id, "ann");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->name, "My_report.pdf");
  EXPECT_EQ(found->media_type, "application/pdf");
  EXPECT_EQ(found->bytes, 10u);
  EXPECT_EQ(found->expires_at, now_ + std::chrono::hours(24));
  EXPECT_EQ(*files->read(*found, 3, 4), "3456");
}

TEST_F(ExportFilesTest, ids_differ) {
  const auto files = open();
  std::set<std::string> ids;
  for (int i = 0; i < 50; ++i) ids.insert(files->add("x", "text/plain", "", "ann")->id);
  EXPECT_EQ(ids.size(), 50u);
}

TEST_F(ExportFilesTest, what_is_expired_is_gone_from_the_disk) {
  const auto files = open();
  const auto added = files->add("x", "text/plain", "text", "ann");
  now_ += std::chrono::hours(24);
  EXPECT_FALSE(files->find(added->id, "ann"));
  EXPECT_TRUE(files->list("ann").empty());
  EXPECT_EQ(on_disk(), 0u);
}

TEST_F(ExportFilesTest, limits_are_named_and_room_comes_back) {
  limits_.files_max = 2;
  limits_.bytes_max = 10;
  limits_.file_bytes_max = 8;
  const auto files = open();
  EXPECT_THAT(files->add("x", "text/plain", "123456789", "ann").error().message, HasSubstr("one may have 8"));
  const auto first = files->add("x", "text/plain", "12345678", "ann");
  ASSERT_TRUE(first);
  EXPECT_EQ(files->add("x", "text/plain", "123", "ann").error().code, base::ErrorCode::kResourceExhausted);
  ASSERT_TRUE(files->add("x", "text/plain", "12", "ann"));
  EXPECT_THAT(files->add("x", "text/plain", "", "ann").error().message, HasSubstr("delete some"));
  ASSERT_TRUE(files->remove(first->id));
  EXPECT_TRUE(files->add("x", "text/plain", "12345678", "ann"));
}

TEST_F(ExportFilesTest, what_a_crash_left_is_removed_and_what_is_not_ours_stays) {
  std::string id;
  {
    const auto files = open();
    id = files->add("x", "text/plain", "text", "ann")->id;
    const auto cut = files->add("y", "text/plain", "text", "ann")->id;
    fs::resize_file(folder_ / cut, 2);
  }
  std::ofstream(folder_ / std::string(32, 'a')) << "no description";
  std::ofstream(folder_ / (std::string(32, 'b') + ".json")) << "{}";
  std::ofstream(folder_ / "notes.txt") << "mine";
  const auto files = open();
  EXPECT_EQ(files->list("ann").size(), 1u);
  EXPECT_TRUE(files->find(id, "ann"));
  // Of others it is not there, after a restart neither.
  EXPECT_EQ(files->find(id, "bob").error().code, base::ErrorCode::kNotFound);
  EXPECT_TRUE(files->list("bob").empty());
  EXPECT_EQ(on_disk(), 3u);  // the file, its description and the notes
}

TEST_F(ExportFilesTest, an_id_is_never_a_path) {
  const auto files = open();
  std::ofstream(folder_.parent_path() / "secret") << "secret";
  for (const char* id : {"../secret", "", ".", "..", "/etc/passwd", "secret\0x"}) {
    EXPECT_EQ(files->find(id, "ann").error().code, base::ErrorCode::kNotFound);
    EXPECT_FALSE(files->remove(id));
  }
  EXPECT_TRUE(fs::exists(folder_.parent_path() / "secret"));
  fs::remove(folder_.parent_path() / "secret");
}

TEST(SafeFileName, only_plain_characters_are_left) {
  EXPECT_EQ(safe_file_name("../../etc/passwd"), "_._.._etc_passwd");
  EXPECT_EQ(safe_file_name("a\"; filename=\"b\r\nX: y"), "a___filename__b__X__y");
  EXPECT_EQ(safe_file_name(""), "export");
  EXPECT_EQ(safe_file_name(std::string(300, 'x')).size(), 100u);
}

}  // namespace
}  // namespace tradeassist::report
