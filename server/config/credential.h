// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"

#include <string>
#include <string_view>

// A service's secrets as systemd hands them over (LoadCredential= in systemd.exec(5)): files in
// $CREDENTIALS_DIRECTORY that only the service can read. A setting names one as "credential:NAME".
namespace spillway::config {

inline constexpr std::string_view kCredentialScheme = "credential:";

/// The path of "credential:NAME"; any other text as it is. InvalidArgument where NAME is no plain file name
/// or there is no such folder; it does not look whether the file is there.
[[nodiscard]] Result<std::string> credentialPath(std::string_view text);

/// The content of "credential:NAME" without the line end behind it; any other text as it is. As above, and
/// NotFound or Io where it cannot be read. At most 64 KiB.
[[nodiscard]] Result<std::string> credentialText(std::string_view text);

} // namespace spillway::config
