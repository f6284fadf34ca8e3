#include "backup/repository.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <random>
#include <set>

#include "backup/streams.hpp"
#include "store/testing/temporary_directory.hpp"

namespace tradeassist::backup {
namespace {

using base::ErrorCode;
using testing::HasSubstr;
using testing::IsEmpty;
namespace fs = std::filesystem;

class RepositoryTest : public testing::Test {
 protected:
  Repository open(const std::string& passphrase = "") {
    return std::move(Repository::open_or_create(folder_, passphrase)).value();
  }
  base::Error refused(const std::string& passphrase) {
    const auto opened = Repository::open(folder_, passphrase);
    return opened ? base::Error{ErrorCode::kInternal, "it was opened"} : opened.error();
  }
  std::vector<fs::path> blocks() const {
    std::vector<fs::path> all;
    std::error_code none_yet;
    for (const auto& entry : fs::recursive_directory_iterator(folder_ / "blocks", none_yet))
      if (entry.is_regular_file()) all.push_back(entry.path());
    return all;
  }

  store::TemporaryDirectory directory_;
  fs::path folder_ = directory_.path() / "backups";
};

TEST_F(RepositoryTest, a_content_is_kept_once_and_comes_back) {
  Repository repository = open();
  const std::string name = repository.put("bars").value();
  EXPECT_EQ(repository.put("bars").value(), name);
  EXPECT_EQ(blocks().size(), 1u);
  EXPECT_EQ(repository.get(name).value(), "bars");
  EXPECT_EQ(repository.new_bytes(), 4);
}

TEST_F(RepositoryTest, rests_of_a_killed_backup_are_not_trusted) {
  const std::string name = open().put("bars").value();
  std::ofstream(blocks().front(), std::ios::trunc) << "as a power cut leaves it";
  Repository repository = open();
  EXPECT_THAT(repository.get(name).error().message, HasSubstr("does not begin"));
  EXPECT_EQ(repository.put("bars").value(), name);
  EXPECT_EQ(repository.get(name).value(), "bars");
}

TEST_F(RepositoryTest, a_trusted_block_that_was_lost_is_written_again) {
  const std::string name = open().put("bars").value();
  fs::remove(blocks().front());
  Repository repository = open();
  repository.trust(name);
  EXPECT_EQ(repository.get(name).error().code, ErrorCode::kDataLoss);
  ASSERT_TRUE(repository.put("bars"));
  EXPECT_EQ(repository.get(name).value(), "bars");
}

TEST_F(RepositoryTest, one_block_in_the_place_of_another_is_found) {
  for (const char* passphrase : {"", "secret"}) {
    fs::remove_all(folder_);
    Repository repository = open(passphrase);
    const std::string a = repository.put("a's content").value(), b = repository.put("b's content").value();
    const auto files = blocks();
    fs::copy_file(files[0], files[1], fs::copy_options::overwrite_existing);
    EXPECT_NE(repository.get(a).has_value(), repository.get(b).has_value()) << passphrase;
  }
}

TEST_F(RepositoryTest, wants_its_passphrase_and_no_other) {
  open("right");
  EXPECT_EQ(refused("wrong").code, ErrorCode::kInvalidArgument);
  EXPECT_THAT(refused("wrong").message, HasSubstr("the passphrase is wrong"));
  EXPECT_THAT(refused("").message, HasSubstr("are encrypted"));
  EXPECT_TRUE(Repository::open(folder_, "right"));
  fs::remove_all(folder_);
  open();
  EXPECT_THAT(refused("right").message, HasSubstr("not encrypted"));
}

TEST_F(RepositoryTest, a_changed_head_is_told_from_a_wrong_passphrase) {
  open("right");
  std::string text(1 << 12, '\0');
  std::ifstream from(folder_ / "repository.json");
  from.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(from.gcount()));
  const std::size_t salt = text.find("\"salt\":\"") + 8;
  text[salt] = text[salt] == '0' ? '1' : '0';
  std::ofstream(folder_ / "repository.json") << text;
  EXPECT_EQ(refused("right").code, ErrorCode::kDataLoss);
  EXPECT_THAT(refused("right").message, HasSubstr("its checksum does not match"));
}

TEST_F(RepositoryTest, is_not_made_of_a_folder_with_something_else) {
  fs::create_directories(folder_);
  std::ofstream(folder_ / "holiday.jpg") << "x";
  const auto made = Repository::open_or_create(folder_, "");
  ASSERT_FALSE(made);
  EXPECT_THAT(made.error().message, HasSubstr("holiday.jpg"));
}

TEST_F(RepositoryTest, one_writes_or_several_read) {
  const Repository a = open(), b = open();
  {
    const auto writing = a.lock_to_write();
    ASSERT_TRUE(writing);
    EXPECT_EQ(b.lock_to_write().error().code, ErrorCode::kUnavailable);
    EXPECT_EQ(b.lock_to_read().error().code, ErrorCode::kUnavailable);
  }
  const auto reading = a.lock_to_read();
  ASSERT_TRUE(reading);
  EXPECT_TRUE(b.lock_to_read());
  EXPECT_EQ(b.lock_to_write().error().code, ErrorCode::kUnavailable);
}

TEST_F(RepositoryTest, a_manifest_comes_back_and_every_damage_of_it_is_found) {
  for (const char* passphrase : {"", "secret"}) {
    fs::remove_all(folder_);
    Repository repository = open(passphrase);
    Manifest manifest;
    manifest.id = "20261128T014507Z-3f9c";
    manifest.left_out = {"exports"};
    ASSERT_TRUE(repository.publish(manifest));
    EXPECT_EQ(repository.find("latest")->left_out, manifest.left_out);
    const fs::path file = folder_ / "backups" / manifest.id;
    std::string text(1 << 12, '\0');
    std::ifstream from(file, std::ios::binary);
    from.read(text.data(), static_cast<std::streamsize>(text.size()));
    text.resize(static_cast<std::size_t>(from.gcount()));
    for (std::size_t at = 0; at < text.size(); at += 3) {
      std::string changed = text;
      changed[at] = static_cast<char>(changed[at] ^ 4);
      std::ofstream(file, std::ios::binary) << changed;
      EXPECT_EQ(repository.read(manifest.id).error().code, ErrorCode::kDataLoss) << at;
      std::ofstream(file, std::ios::binary | std::ios::trunc) << text.substr(0, at);
      EXPECT_EQ(repository.read(manifest.id).error().code, ErrorCode::kDataLoss) << at;
    }
  }
  EXPECT_EQ(open("secret").read("../../etc/passwd").error().code, ErrorCode::kInvalidArgument);
  EXPECT_EQ(open("secret").read("20261128T014507Z-0000").error().code, ErrorCode::kNotFound);
}

TEST_F(RepositoryTest, what_a_failed_backup_wrote_is_taken_back) {
  Repository before = open();
  const std::string kept = before.put("kept").value();
  Repository repository = open();
  repository.trust(kept);
  ASSERT_TRUE(repository.put("kept"));
  ASSERT_TRUE(repository.put("new"));
  repository.take_back();
  EXPECT_EQ(blocks().size(), 1u);
  EXPECT_EQ(repository.get(kept).value(), "kept");
}

TEST_F(RepositoryTest, rows_put_in_between_change_the_blocks_beside_them_alone) {
  Repository repository = open();
  std::mt19937_64 random(7);
  std::vector<std::string> rows;
  for (int i = 0; i < 20'000; ++i) {
    std::string row(100 + random() % 200, '\0');
    for (char& c : row) c = static_cast<char>(random());
    rows.push_back(std::move(row));
  }
  const auto write = [&] {
    StreamWriter writer(repository);
    for (const std::string& row : rows) EXPECT_TRUE(writer.add_row(row));
    return writer.finish().value();
  };
  const Stream first = write();
  EXPECT_GT(first.blocks, 10);
  const std::int64_t before = repository.new_bytes();
  rows.insert(rows.begin() + 10'000, "a row that came late");
  rows.erase(rows.begin() + 17);
  const Stream second = write();
  EXPECT_NE(second.sha256, first.sha256);
  EXPECT_LT(repository.new_bytes() - before, second.bytes / 3);

  std::string all;
  ASSERT_TRUE(read_stream(repository, second, [&](std::string_view block) -> base::Result<void> {
    all += block;
    return {};
  }));
  std::string expected;
  for (const std::string& row : rows) expected += row;
  EXPECT_EQ(all, expected);
}

TEST_F(RepositoryTest, ids_tell_when_a_backup_was_made) {
  EXPECT_EQ(base::format_time(backup_time("20261128T014507Z-3f9c")), "2026-11-28T01:45:07Z");
  EXPECT_TRUE(is_backup_id("20261128T014507Z-3f9c"));
  for (const char* wrong : {"", "latest", "20261128T014507Z-3f9c.part", "../20261128T014507Z-3f9c"})
    EXPECT_FALSE(is_backup_id(wrong)) << wrong;
}

}  // namespace
}  // namespace tradeassist::backup
