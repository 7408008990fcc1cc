// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/get/remotefile.h"

#include <gtest/gtest.h>

namespace spillway::get {
namespace {

constexpr const char* kDate = "Tue, 24 Nov 2026 10:00:00 GMT";
constexpr const char* kSecondBefore = "Tue, 24 Nov 2026 09:59:59 GMT";
constexpr std::int64_t kNow = 1795514400;

AnswerHead head(int status = 200)
{
    AnswerHead head;
    head.status = status;
    head.contentLength = "100";
    head.date = kDate;
    return head;
}

TEST(RemoteFile, TheValidatorIsStrongOrThereIsNone)
{
    const struct
    {
        const char *etag, *lastModified, *date, *validator;
    } rows[] = {
        {"\"a\"", "", kDate, "\"a\""},
        {"\"a\"", kSecondBefore, kDate, "\"a\""},
        {"", kSecondBefore, kDate, kSecondBefore},
        {"", kDate, kDate, ""},      // it may change within the second
        {"", kSecondBefore, "", ""}, // nothing says how old it was
        {"", "yesterday", kDate, ""},
        {"W/\"a\"", kSecondBefore, kDate, ""}, // RFC 9110 §13.1.5: no date where there is a tag
        {"a", "", kDate, ""},
        {"\"", "", kDate, ""},
        {"\"\"", "", kDate, "\"\""},
    };
    for (const auto& row : rows) {
        AnswerHead answer = head();
        answer.etag = row.etag;
        answer.lastModified = row.lastModified;
        answer.date = row.date;
        EXPECT_EQ(describe(answer, kNow).validator, row.validator) << row.etag << " " << row.lastModified;
    }
    AnswerHead answer = head();
    answer.etag = "\"" + std::string(1023, 'x') + "\"";
    EXPECT_EQ(describe(answer, kNow).validator, "") << "too long for the journal";
}

TEST(RemoteFile, SizeAndDigest)
{
    EXPECT_EQ(describe(head(), kNow).size, 100U);
    AnswerHead part = head(206);
    part.contentRange = "bytes 0-99/5000";
    EXPECT_EQ(describe(part, kNow).size, 5000U);
    part.contentRange = "bytes 0-99/*";
    EXPECT_FALSE(describe(part, kNow).size);
    const std::string digest = "sha-256=:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=:";
    part.contentDigest = digest;
    EXPECT_FALSE(describe(part, kNow).digest) << "of this part, not of the file";
    part.reprDigest = digest;
    EXPECT_TRUE(describe(part, kNow).digest);
    AnswerHead whole = head();
    whole.contentDigest = digest;
    EXPECT_TRUE(describe(whole, kNow).digest);
    whole.acceptRanges = "none";
    EXPECT_TRUE(describe(whole, kNow).rangesRefused);
    EXPECT_FALSE(describe(head(), kNow).rangesRefused);
}

TEST(SameVersion, WhatBothNameMustAgree)
{
    RemoteFile known;
    known.size = 100;
    known.etag = "\"a\"";
    known.lastModified = kDate;
    RemoteFile now = known;
    EXPECT_TRUE(sameVersion(known, now));
    EXPECT_TRUE(sameVersion(known, RemoteFile{})) << "nothing said, nothing contradicted";
    now.size = 101;
    EXPECT_FALSE(sameVersion(known, now));
    now = known;
    now.etag = "\"b\"";
    EXPECT_FALSE(sameVersion(known, now));
    now = known;
    now.lastModified = kSecondBefore;
    EXPECT_FALSE(sameVersion(known, now));
    now = known;
    now.digest.emplace();
    EXPECT_TRUE(sameVersion(known, now));
    known.digest.emplace().fill(1);
    EXPECT_FALSE(sameVersion(known, now));
}

} // namespace
} // namespace spillway::get
