// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace spillway {

/// What went wrong, for code to branch on; tests assert the code, never the text.
enum class ErrorCode
{
    InvalidArgument, ///< the caller's value is malformed or out of range
    NotFound,
    AlreadyExists,
    PermissionDenied,
    Conflict,    ///< what is there does not go with what is wanted
    Stale,       ///< the thing changed since the caller looked
    Busy,        ///< another process or thread holds it
    Unavailable, ///< a dependency (disk, catalog, network) does not answer now
    Exhausted,   ///< a bound was reached: queue, descriptors, disk
    Expired,
    Corrupt,
    TooNew, ///< written by a newer version of Spillway
    Unsupported,
    Io,
    Internal,
};

/// An error with its context. `message` is a sentence for people: the thing, what was wrong with it, what to
/// do. `osError` is the errno behind it, 0 where there was none.
struct Error
{
    ErrorCode code = ErrorCode::Internal;
    std::string message;
    int osError = 0;
};

/// A value, or why there is none. No function of the server throws across an event loop.
template<class T>
class [[nodiscard]] Result : public tl::expected<T, Error>
{
public:
    using tl::expected<T, Error>::expected;
};

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, int osError = 0)
{
    return tl::unexpected<Error>(Error{code, std::move(message), osError});
}

inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

/// The message with errno's own words behind it: "cannot open /x: Permission denied".
[[nodiscard]] Error osError(std::string what, int errorNumber);

/// A stable lower-case name ("not-found") for JSON and logs.
[[nodiscard]] const char* errorCodeName(ErrorCode code);

} // namespace spillway
