// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/get/digestfield.h"
#include "app/get/httpclient.h"

#include <optional>
#include <string>

namespace spillway::get {

/// What an answer says about the file behind it.
struct RemoteFile
{
    std::optional<std::uint64_t> size;
    bool rangesRefused = false;           ///< "Accept-Ranges: none"; its absence says nothing
    bool rangesPromised = false;          ///< "Accept-Ranges: bytes", or a part itself
    std::string etag;                     ///< as sent, weak ones too
    std::string lastModified;             ///< as sent
    std::optional<std::int64_t> modified; ///< the same in Unix seconds
    /// What If-Range may name (RFC 9110 §13.1.5): a strong tag, else a Last-Modified that is strong by being
    /// at least a second older than the answer's Date (§8.8.2.2). Empty: no continuing, nothing tells two
    /// versions apart.
    std::string validator;
    std::optional<Sha256> digest; ///< of the whole file
    std::string disposition;
};

/// From a 2xx to HEAD, a 200 to GET or a 206; of a 206 the size is that of the whole file. `now` in Unix
/// seconds.
[[nodiscard]] RemoteFile describe(const AnswerHead& head, std::int64_t now);

/// Whether an answer may be about the same version of the same file: what both name is the same.
[[nodiscard]] bool sameVersion(const RemoteFile& known, const RemoteFile& now);

} // namespace spillway::get
