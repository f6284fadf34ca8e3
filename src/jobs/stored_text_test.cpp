#include "jobs/stored_text.hpp"

#include <gtest/gtest.h>

namespace tradeassist::jobs {
namespace {

TEST(StoredText, valid_text_stays_as_it_is) {
  for (const char* text : {"", "plain", "größer als €5", "😀"}) EXPECT_EQ(stored_text(text, 100), text);
}

TEST(StoredText, what_a_database_refuses_becomes_question_marks) {
  EXPECT_EQ(stored_text(std::string_view("a\0b", 3), 100), "a?b");
  EXPECT_EQ(stored_text("x\xFFy", 100), "x?y");
  EXPECT_EQ(stored_text("cut \xE2\x82", 100), "cut ??");           // half a euro sign
  EXPECT_EQ(stored_text("\xC0\x80", 100), "??");                   // NUL written too long
  EXPECT_EQ(stored_text("\xED\xA0\x80", 100), "???");              // a surrogate
  EXPECT_EQ(stored_text("\xF4\x90\x80\x80", 100), "????");         // beyond the last character
}

TEST(StoredText, long_text_is_cut_between_characters) {
  EXPECT_EQ(stored_text("abcdefgh", 8), "abcdefgh");
  EXPECT_EQ(stored_text("abcdefghi", 8), "abcde…");
  EXPECT_EQ(stored_text("abcd€€€€", 8), "abcd…");
}

}  // namespace
}  // namespace tradeassist::jobs
