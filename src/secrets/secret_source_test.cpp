#include "secrets/secret_source.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/hidden_text.hpp"

namespace tradeassist::secrets {
namespace {

namespace fs = std::filesystem;

class SecretSourceTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("secret_source_test_" + std::to_string(::getpid()));
    fs::remove_all(folder_);
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  std::string write(const std::string& name, const std::string& text, fs::perms mode = fs::perms::owner_read) const {
    const fs::path file = folder_ / name;
    std::ofstream(file) << text;
    fs::permissions(file, mode);
    return file.string();
  }
  std::string resolve_secret(const std::string& value, bool with_credentials = true) {
    base::Config config;
    config.schwab_secret = value;
    const auto resolved = resolve(config, [&](const std::string& name) -> std::optional<std::string> {
      if (name == "CREDENTIALS_DIRECTORY" && with_credentials) return folder_.string();
      return std::nullopt;
    });
    return resolved ? config.schwab_secret : "error: " + resolved.error().message;
  }

  fs::path folder_;
};

TEST_F(SecretSourceTest, a_secret_comes_from_where_its_setting_says) {
  EXPECT_EQ(resolve_secret("in-plain-words"), "in-plain-words");
  EXPECT_EQ(resolve_secret("file:" + write("a", "of-a-file\n")), "of-a-file");
  write("schwab", "of-systemd");
  EXPECT_EQ(resolve_secret("credential:schwab"), "of-systemd");
}

TEST_F(SecretSourceTest, what_was_resolved_is_hidden_in_logs) {
  resolve_secret("file:" + write("b", "xyzzy-plugh\n"));
  EXPECT_EQ(base::without_secrets("it is xyzzy-plugh"), "it is ***");
}

TEST_F(SecretSourceTest, errors_name_the_setting_and_the_source_but_never_the_secret) {
  const auto has = [](const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
    EXPECT_EQ(text.find("tell-nobody"), std::string::npos) << text;
  };
  const std::string open = write("open", "tell-nobody", fs::perms::owner_read | fs::perms::others_read);
  has(resolve_secret("file:" + open), "schwab_secret: file:" + open + ": ");
  has(resolve_secret("file:" + open), "others may read or change the secret; chmod 600 it");
  has(resolve_secret("file:" + write("w", "tell-nobody", fs::perms::owner_read | fs::perms::group_write)), "chmod 600");
  has(resolve_secret("file:/nowhere/at/all"), "/nowhere/at/all: there is no such file");
  has(resolve_secret("file:" + folder_.string()), "is no file");
  has(resolve_secret("file:"), "there is nothing behind the colon");
  has(resolve_secret("file:" + write("two", "tell-nobody\nmore")), "more than one line");
  has(resolve_secret("file:" + write("empty", "\n")), "is empty");
  has(resolve_secret("file:" + write("large", std::string(70'000, 'x'))), "more than 65536 bytes");
  has(resolve_secret("credential:../open"), "a name, not a path");
  has(resolve_secret("credential:schwab", false), "CREDENTIALS_DIRECTORY is not set");
  has(resolve_secret("gsm:projects/p/secrets/s/versions/1"), "google_credentials_file");
}

}  // namespace
}  // namespace tradeassist::secrets
