// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/result.h"

#include <cerrno>
#include <system_error>

namespace spillway {

static ErrorCode codeFor(int errorNumber)
{
    switch (errorNumber) {
    case ENOENT:
    case ENOTDIR:
        return ErrorCode::NotFound;
    case EACCES:
    case EPERM:
    case EROFS:
        return ErrorCode::PermissionDenied;
    case EEXIST:
    case EADDRINUSE:
        return ErrorCode::AlreadyExists;
    case EMFILE:
    case ENFILE:
    case ENOSPC:
    case EDQUOT:
    case ENOMEM:
        return ErrorCode::Exhausted;
    case EINVAL:
    case ENAMETOOLONG:
        return ErrorCode::InvalidArgument;
    default:
        return ErrorCode::Io;
    }
}

Error osError(std::string what, int errorNumber)
{
    what += ": ";
    what += std::generic_category().message(errorNumber);
    return Error{codeFor(errorNumber), std::move(what), errorNumber};
}

const char* errorCodeName(ErrorCode code)
{
    switch (code) {
    case ErrorCode::InvalidArgument:
        return "invalid-argument";
    case ErrorCode::NotFound:
        return "not-found";
    case ErrorCode::AlreadyExists:
        return "already-exists";
    case ErrorCode::PermissionDenied:
        return "permission-denied";
    case ErrorCode::Conflict:
        return "conflict";
    case ErrorCode::Stale:
        return "stale";
    case ErrorCode::Busy:
        return "busy";
    case ErrorCode::Unavailable:
        return "unavailable";
    case ErrorCode::Exhausted:
        return "exhausted";
    case ErrorCode::Expired:
        return "expired";
    case ErrorCode::Corrupt:
        return "corrupt";
    case ErrorCode::TooNew:
        return "too-new";
    case ErrorCode::Unsupported:
        return "unsupported";
    case ErrorCode::Io:
        return "io";
    case ErrorCode::Internal:
        return "internal";
    }
    return "internal";
}

} // namespace spillway
