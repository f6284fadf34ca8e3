#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "notify/channels/notice.hpp"
#include "notify/transfers.hpp"

namespace tradeassist::notify {

/// A mail server and who gets what comes.
struct MailSettings {
  std::string server{};  // HOST:PORT
  Envelope envelope{};
};

/// The settings as they are used. kInvalidArgument for what is no HOST:PORT, no address, or a password that would go
/// in the clear: "none" only where the server is on this machine.
base::Result<MailSettings> check_mail(MailSettings settings);
/// "starttls", "tls" or "none".
base::Result<Envelope::Security> parse_mail_security(std::string_view text);

/// One address alone, "ann@example.com": kInvalidArgument otherwise.
base::Result<void> check_mail_address(std::string_view text);

/// RFC 5322 with MIME: the same as plain text and as HTML, each in base64; lines end with CR LF. Message-ID is the
/// event's, so that a mail that comes twice is told.
std::string mail_text(const Notice& notice, const Envelope& envelope);

Transfer mail_transfer(const MailSettings& settings, const Notice& notice);

}  // namespace tradeassist::notify
