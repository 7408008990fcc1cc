// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/auditlog.h"
#include "tests/server/catalog/catalogfixture.h"

namespace spillway::admin {

using catalog::readFile;
using catalog::writeFile;

/// An audit log in a folder of its own.
class AuditLogTest : public testing::Test
{
protected:
    void SetUp() override { open(); }
    void open(AuditBounds bounds = {})
    {
        log_.reset();
        auto opened = AuditLog::open(folder_.path(), clock_, bounds);
        ASSERT_TRUE(opened) << opened.error().message;
        log_ = std::move(*opened);
    }
    void write(int count, int from = 0)
    {
        for (int i = from; i < from + count; ++i)
            ASSERT_TRUE(log_->append({{QStringLiteral("what"), QStringLiteral("seen")},
                                      {QStringLiteral("operation"), QStringLiteral("op%1").arg(i)}}));
    }
    [[nodiscard]] std::vector<std::string> lines() const
    {
        std::vector<std::string> all;
        std::istringstream in(readFile(path("log")));
        for (std::string line; std::getline(in, line);)
            all.push_back(line + "\n");
        return all;
    }
    void setLines(const std::vector<std::string>& all) const
    {
        std::string text;
        for (const std::string& line : all)
            text += line;
        writeFile(path("log"), text);
    }
    [[nodiscard]] std::string path(const char* end) const
    {
        return folder_.file(std::string("audit.") + end);
    }
    [[nodiscard]] AuditVerdict verify(const std::optional<AuditHead>& expected = {}) const
    {
        const auto verdict = verifyAuditLog(folder_.path(), expected);
        EXPECT_TRUE(verdict) << verdict.error().message;
        return verdict ? *verdict : AuditVerdict{};
    }
    /// The lines that are at fault; 0 is the end.
    [[nodiscard]] std::vector<std::uint64_t> faults() const
    {
        std::vector<std::uint64_t> at;
        for (const AuditFault& fault : verify().faults)
            at.push_back(fault.line);
        return at;
    }

    catalog::TemporaryFolder folder_;
    SystemClock clock_;
    std::unique_ptr<AuditLog> log_;
};

} // namespace spillway::admin
