// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/base/result.h"

#include <cerrno>
#include <gtest/gtest.h>
#include <memory>
#include <set>

using namespace spillway;

namespace {

Result<int> half(int value)
{
    if (value % 2 != 0)
        return fail(ErrorCode::InvalidArgument, "odd");
    return value / 2;
}

Result<std::unique_ptr<int>> make(bool well)
{
    if (!well)
        return fail(osError("cannot make it", EACCES));
    return std::make_unique<int>(7);
}

} // namespace

TEST(Result, CarriesAValueOrAnError)
{
    EXPECT_EQ(half(8).value(), 4);
    const auto bad = half(7);
    ASSERT_FALSE(bad);
    EXPECT_EQ(bad.error().code, ErrorCode::InvalidArgument);
    EXPECT_EQ(bad.error().osError, 0);
    EXPECT_EQ(**make(true), 7) << "also what can only be moved";
    EXPECT_EQ(make(false).error().code, ErrorCode::PermissionDenied);
    EXPECT_EQ(half(7).value_or(-1), -1);
}

TEST(Result, SystemErrors)
{
    const struct
    {
        int number;
        ErrorCode code;
    } rows[] = {{ENOENT, ErrorCode::NotFound},
                {ENOTDIR, ErrorCode::NotFound},
                {EACCES, ErrorCode::PermissionDenied},
                {EPERM, ErrorCode::PermissionDenied},
                {EROFS, ErrorCode::PermissionDenied},
                {EEXIST, ErrorCode::AlreadyExists},
                {EADDRINUSE, ErrorCode::AlreadyExists},
                {EMFILE, ErrorCode::Exhausted},
                {ENFILE, ErrorCode::Exhausted},
                {ENOSPC, ErrorCode::Exhausted},
                {EDQUOT, ErrorCode::Exhausted},
                {ENOMEM, ErrorCode::Exhausted},
                {EINVAL, ErrorCode::InvalidArgument},
                {ENAMETOOLONG, ErrorCode::InvalidArgument},
                {EIO, ErrorCode::Io},
                {ESTALE, ErrorCode::Io}};
    for (const auto& row : rows) {
        const Error error = osError("cannot open /x", row.number);
        EXPECT_EQ(error.code, row.code) << row.number;
        EXPECT_EQ(error.osError, row.number);
        EXPECT_TRUE(error.message.starts_with("cannot open /x: ")) << error.message;
        EXPECT_GT(error.message.size(), std::string("cannot open /x: ").size());
    }
}

TEST(Result, CodeNamesAreDistinct)
{
    std::set<std::string> names;
    const int last = static_cast<int>(ErrorCode::Internal);
    for (int code = 0; code <= last; ++code)
        names.insert(errorCodeName(static_cast<ErrorCode>(code)));
    EXPECT_EQ(names.size(), static_cast<std::size_t>(last) + 1);
    EXPECT_STREQ(errorCodeName(ErrorCode::NotFound), "not-found");
    EXPECT_STREQ(errorCodeName(ErrorCode::TooNew), "too-new");
}
