#include "research/frame_parser.hpp"

#include <gtest/gtest.h>

#include <random>

namespace tradeassist::research {
namespace {

using Frames = std::vector<std::string>;

/// The messages of a stream that comes in the pieces that end at `cuts`.
Frames frames_of(Framing framing, std::string_view stream, const std::vector<std::size_t>& cuts = {}) {
  Frames frames;
  FrameParser parser(framing);
  const auto take = [&](std::string_view frame) -> base::Result<void> {
    frames.emplace_back(frame);
    return {};
  };
  std::size_t begin = 0;
  for (const std::size_t cut : cuts) {
    EXPECT_TRUE(parser.feed(stream.substr(begin, cut - begin), take));
    begin = cut;
  }
  EXPECT_TRUE(parser.feed(stream.substr(begin), take));
  EXPECT_TRUE(parser.finish(take));
  return frames;
}

constexpr std::string_view kEvents =
    "\xEF\xBB\xBF: hello\nevent: message_start\ndata: {\"a\":1}\n\nretry: 10\r\ndata: one\r\ndata:two\r\n\r\n\r\n"
    "data\r\rid: 4\n\ndata: \xC3\xA4\xE2\x82\xAC\n\ndata: not closed\n";

TEST(FrameParser, gives_the_data_of_events_and_nothing_else) {
  EXPECT_EQ(frames_of(Framing::kServerSentEvents, kEvents),
            (Frames{"{\"a\":1}", "one\ntwo", "", "\xC3\xA4\xE2\x82\xAC"}));
}

TEST(FrameParser, gives_lines_that_are_not_empty_the_last_without_its_end_too) {
  EXPECT_EQ(frames_of(Framing::kLines, "{\"a\":1}\n\n{\"b\":2}\r\n{\"c\":3}"),
            (Frames{"{\"a\":1}", "{\"b\":2}", "{\"c\":3}"}));
}

TEST(FrameParser, gives_the_same_wherever_the_stream_is_cut) {
  for (const Framing framing : {Framing::kServerSentEvents, Framing::kLines}) {
    const Frames whole = frames_of(framing, kEvents);
    for (std::size_t cut = 0; cut <= kEvents.size(); ++cut) EXPECT_EQ(frames_of(framing, kEvents, {cut}), whole) << cut;
    std::vector<std::size_t> each(kEvents.size());
    for (std::size_t i = 0; i < each.size(); ++i) each[i] = i;
    EXPECT_EQ(frames_of(framing, kEvents, each), whole);
  }
}

TEST(FrameParser, gives_the_same_of_random_streams_in_random_pieces) {
  std::mt19937_64 random(7);
  constexpr std::string_view kPieces[] = {"\n",     "\r", "\r\n",      "data",     ":",   " ",
                                          "data: ", "x",  "{\"y\":1}", "\xC3\xA4", "\n\n"};
  for (int run = 0; run < 2'000; ++run) {
    std::string stream;
    for (std::size_t i = random() % 40; i > 0; --i) stream += kPieces[random() % std::size(kPieces)];
    std::vector<std::size_t> cuts;
    for (std::size_t at = 0; at < stream.size(); at += 1 + random() % 5) cuts.push_back(at);
    for (const Framing framing : {Framing::kServerSentEvents, Framing::kLines})
      ASSERT_EQ(frames_of(framing, stream, cuts), frames_of(framing, stream)) << testing::PrintToString(stream);
  }
}

TEST(FrameParser, bounds_a_message_and_passes_on_what_its_taker_says) {
  FrameParser bounded(Framing::kServerSentEvents, 100);
  const auto take = [](std::string_view) -> base::Result<void> { return {}; };
  EXPECT_TRUE(bounded.feed("data: " + std::string(50, 'x') + "\n", take));
  EXPECT_EQ(bounded.feed("data: " + std::string(50, 'x') + "\n", take).error().code,
            base::ErrorCode::kResourceExhausted);
  FrameParser parser(Framing::kLines);
  const auto refuse = [](std::string_view) { return base::Result<void>(base::failure(base::ErrorCode::kIo, "no")); };
  EXPECT_EQ(parser.feed("a\n", refuse).error().message, "no");
}

}  // namespace
}  // namespace tradeassist::research
