// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtCore/QJsonObject>
#include <QtCore/QString>
#include <QtCore/QStringList>
#include <vector>

// What a console sees of the two logs of a server, and how it asks for it.
namespace spillway::contract {

/// One entry of the audit log.
struct AuditEntry
{
    std::int64_t id = 0;
    std::int64_t atMs = 0; ///< milliseconds since 1970
    QString by; ///< "owner", "console", "command-line", "token", "invited", "server", "rule", "settings-file"
    QString tokenName; ///< of "token"
    QString from;      ///< address; empty: the server's own process
    QString operation; ///< "share.update"
    QString outcome;   ///< "done", "failed", "unknown"
    QString text;      ///< of what the server says by itself
    QJsonObject given, before, after;
    QString error; ///< a sentence, of "failed"
    friend bool operator==(const AuditEntry&, const AuditEntry&) = default;
};

struct AuditPage
{
    std::vector<AuditEntry> entries; ///< newest first
    QString next;                    ///< `after` of the next page; empty: this was the last
};

struct AuditVerdict
{
    bool good = false;
    std::int64_t lines = 0;
    std::int64_t dropped = 0; ///< entries 1 to this one were deleted, as the setting audit.files says
    QString head;
    QStringList faults;
};

/// Lines of the access log as they are in its file.
struct LogPage
{
    QString format; ///< "json", "combined", or "off": then there are none
    QStringList lines;
    QString newest; ///< `after` of what comes later
    QString older;  ///< `before` of what came earlier; empty: that was all
};

struct ListAudit
{
    static constexpr const char* operation = "audit.list";
    using Answer = AuditPage;
    QString search = {};
    QString after = {};
    int limit = 200;
};

struct VerifyAudit
{
    static constexpr const char* operation = "audit.verify";
    using Answer = AuditVerdict;
};

struct ListLog
{
    static constexpr const char* operation = "log.list";
    using Answer = LogPage;
    QString search = {};
    QString after = {}, before = {};
    int limit = 500;
};

} // namespace spillway::contract
