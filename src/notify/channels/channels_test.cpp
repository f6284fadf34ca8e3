#include <gtest/gtest.h>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <regex>

#include "base/base64.hpp"
#include "base/json.hpp"
#include "notify/channels/email.hpp"
#include "notify/channels/slack.hpp"

namespace tradeassist::notify {
namespace {

Delivery alert(std::string_view message, Severity severity = Severity::kCritical) {
  Delivery delivery;
  delivery.event_id = "msg_1";
  delivery.event_type = "alert.raised";
  delivery.severity = severity;
  delivery.event_at = base::Time(std::chrono::seconds(1'767'623'400));  // 2026-01-05T14:30:00Z, a Monday
  delivery.body = base::json_text(boost::json::object{
      {"type", "alert.raised"},
      {"timestamp", "2026-01-05T14:30:00Z"},
      {"data", boost::json::object{{"alert_type", "connection_pool"},
                                   {"severity", "critical"},
                                   {"message", message},
                                   {"owner", nullptr},
                                   {"details", boost::json::object{{"value", 95.5}, {"actor", "ann"}}}}}});
  return delivery;
}

TEST(Notice, says_first_what_matters_and_then_what_else_is_known) {
  const Notice notice = notice_of(alert("31 of 40 connections\r\nare in use"));
  EXPECT_EQ(notice.title, "Critical: raised: 31 of 40 connections  are in use");
  EXPECT_EQ(notice.text, "31 of 40 connections \nare in use");
  const std::vector<std::pair<std::string, std::string>> fields = {
      {"alert type", "connection_pool"}, {"value", "95.5"}, {"actor", "ann"}};
  EXPECT_EQ(notice.fields, fields);
}

TEST(Notice, is_bounded) {
  Delivery delivery = alert(std::string(100'000, 'x'));
  boost::json::object many;
  for (int i = 0; i < 100; ++i) many[std::string(1'000, 'n') + std::to_string(i)] = std::string(1'000, 'v');
  auto body = base::parse_json(delivery.body).value();
  body.as_object()["data"].as_object()["details"] = many;
  delivery.body = base::json_text(body);
  const Notice notice = notice_of(delivery);
  EXPECT_LE(notice.title.size(), 200u);
  EXPECT_LE(notice.text.size(), kTextBytesMax);
  EXPECT_EQ(notice.fields.size(), kFieldsMax);
  EXPECT_LE(notice.fields.back().second.size(), kFieldBytesMax);
}

TEST(Slack, escapes_what_would_mention_or_link) {
  const std::string body = slack_body(notice_of(alert("<!channel> & <https://evil|click>")));
  const auto json = base::parse_json(body);
  ASSERT_TRUE(json) << body;
  EXPECT_EQ(json->at("text").as_string(), "Critical: raised: &lt;!channel&gt; &amp; &lt;https://evil|click&gt;");
  const auto& blocks = json->at("blocks").as_array();
  ASSERT_EQ(blocks.size(), 4u);
  EXPECT_NE(blocks[0].at("text").at("text").as_string().find("*Critical: raised: &lt;!channel&gt;"), std::string::npos);
  EXPECT_EQ(blocks[0].at("text").at("verbatim"), true);
  EXPECT_EQ(blocks[1].at("text").at("type").as_string(), "plain_text");
  const auto& fields = blocks[2].at("fields").as_array();
  ASSERT_EQ(fields.size(), 3u);
  for (const auto& field : fields) EXPECT_EQ(field.at("verbatim"), true);
}

Envelope envelope() {
  Envelope made;
  made.from = "desk@example.com";
  made.to = {"ann@example.com", "bob@example.com"};
  return made;
}

/// The part of that type, decoded.
std::string part_of(const std::string& mail, const std::string& type) {
  const std::size_t at = mail.find("Content-Type: " + type);
  EXPECT_NE(at, std::string::npos);
  const std::size_t begin = mail.find("\r\n\r\n", at) + 4, end = mail.find("--=_", begin);
  std::string text = mail.substr(begin, end - begin);
  std::erase_if(text, [](char c) { return c == '\r' || c == '\n'; });
  return base::from_base64(text).value_or("not base64");
}

TEST(Mail, has_the_same_as_plain_text_and_as_html) {
  const std::string mail = mail_text(notice_of(alert("31 of 40 <b>connections</b> & more")), envelope());
  EXPECT_TRUE(mail.starts_with("Date: Mon, 05 Jan 2026 14:30:00 +0000\r\nFrom: TradeAssist <desk@example.com>\r\n"))
      << mail;
  EXPECT_NE(mail.find("\r\nTo: ann@example.com,\r\n bob@example.com\r\n"), std::string::npos);
  EXPECT_NE(mail.find("\r\nMessage-ID: <msg_1@example.com>\r\n"), std::string::npos);
  EXPECT_NE(mail.find("\r\nSubject: [TradeAssist] Critical: raised: 31 of 40 <b>connections</b> & more\r\n"),
            std::string::npos);
  const std::string plain = part_of(mail, "text/plain"), html = part_of(mail, "text/html");
  EXPECT_NE(plain.find("31 of 40 <b>connections</b> & more\n"), std::string::npos);
  EXPECT_NE(plain.find("value       95.5\n"), std::string::npos) << plain;
  EXPECT_NE(html.find("31 of 40 &lt;b&gt;connections&lt;/b&gt; &amp; more"), std::string::npos);
  EXPECT_EQ(html.find("<b>"), std::string::npos);
  for (std::size_t at = 0; at < mail.size();) {
    const std::size_t end = mail.find("\r\n", at);
    ASSERT_NE(end, std::string::npos);
    EXPECT_LE(end - at, 400u);
    EXPECT_EQ(mail.substr(at, end - at).find('\n'), std::string::npos);
    at = end + 2;
  }
}

TEST(Mail, a_message_cannot_add_headers_and_other_letters_are_encoded) {
  const std::string mail =
      mail_text(notice_of(alert("x\r\nBcc: evil@example.com\r\n\r\nß€ " + std::string(60, 'e'))), envelope());
  EXPECT_EQ(mail.find("\r\nBcc"), std::string::npos);
  const std::size_t at = mail.find("Subject: =?UTF-8?B?");
  ASSERT_NE(at, std::string::npos);
  const std::string subject = mail.substr(at + 9, mail.find("\r\nAuto", at) - at - 9);
  std::string decoded;
  static const std::regex kWord("=\\?UTF-8\\?B\\?([^?]*)\\?=");
  for (auto word = std::sregex_iterator(subject.begin(), subject.end(), kWord); word != std::sregex_iterator();
       ++word) {
    EXPECT_LE(word->length(), 75);
    decoded += base::from_base64(word->str(1)).value();
  }
  EXPECT_TRUE(decoded.starts_with("[TradeAssist] Critical: raised: x  Bcc: evil@example.com")) << decoded;
  EXPECT_NE(decoded.find("ß€"), std::string::npos);
}

TEST(Mail, settings_are_checked) {
  MailSettings good{"mail.example.com:587", envelope()};
  EXPECT_TRUE(check_mail(good));
  const auto refused = [&](auto change) {
    MailSettings bad = good;
    change(bad);
    return !check_mail(bad).has_value();
  };
  EXPECT_TRUE(refused([](MailSettings& each) { each.server = "mail.example.com"; }));
  EXPECT_TRUE(refused([](MailSettings& each) { each.server = "mail.example.com/x:25"; }));
  EXPECT_TRUE(refused([](MailSettings& each) { each.server = "mail.example.com:0"; }));
  EXPECT_TRUE(refused([](MailSettings& each) { each.envelope.security = Envelope::Security::kNone; }));
  EXPECT_TRUE(refused([](MailSettings& each) { each.envelope.from = "desk@example.com>\r\nRCPT TO:<x@y.z"; }));
  EXPECT_TRUE(refused([](MailSettings& each) { each.envelope.to.clear(); }));
  EXPECT_TRUE(refused([](MailSettings& each) { each.envelope.to.emplace_back("a b@example.com"); }));
  EXPECT_TRUE(refused([](MailSettings& each) { each.envelope.user = "me"; }));
  good.server = "127.0.0.1:2525";
  good.envelope.security = Envelope::Security::kNone;
  EXPECT_TRUE(check_mail(good));
}

}  // namespace
}  // namespace tradeassist::notify
