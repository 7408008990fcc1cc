// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/admin/auditoperations.h"

#include "server/admin/auditlog.h"

namespace spillway::admin {

namespace {

tl::unexpected<Error> noLog()
{
    return fail(ErrorCode::Unavailable, "there is no audit log here");
}

} // namespace

Result<QJsonValue> auditList(OperationContext& context, const Arguments& arguments)
{
    if (!context.audit)
        return noLog();
    const auto page = context.audit->list(
        {arguments.text("q"), arguments.text("after"), arguments.integer("limit", AuditQuery{}.limit)});
    if (!page)
        return fail(page.error());
    return QJsonValue(QJsonObject{
        {QStringLiteral("entries"), page->entries},
        {QStringLiteral("next"), page->next.empty() ? QJsonValue(QJsonValue::Null) : toQString(page->next)}});
}

Result<QJsonValue> auditVerify(OperationContext& context, const Arguments& arguments)
{
    if (!context.audit)
        return noLog();
    std::optional<AuditHead> expected;
    if (arguments.has("head")) {
        const auto head = AuditHead::parse(arguments.text("head"));
        if (!head)
            return fail(head.error());
        expected = *head;
    }
    const auto verdict = verifyAuditLog(context.audit->dataFolder(), expected);
    if (!verdict)
        return fail(verdict.error());
    return QJsonValue(toJson(*verdict));
}

QJsonObject toJson(const AuditVerdict& verdict)
{
    QJsonArray faults;
    for (const AuditFault& fault : verdict.faults)
        faults.append(QJsonObject{{QStringLiteral("file"), toQString(fault.file)},
                                  {QStringLiteral("line"), static_cast<qint64>(fault.line)},
                                  {QStringLiteral("text"), toQString(fault.text)}});
    return {{QStringLiteral("good"), verdict.good()},
            {QStringLiteral("lines"), static_cast<qint64>(verdict.lines)},
            {QStringLiteral("files"), static_cast<qint64>(verdict.files)},
            {QStringLiteral("dropped"), static_cast<qint64>(verdict.dropped)},
            {QStringLiteral("head"), verdict.head.seq == 0 ? QString() : toQString(verdict.head.text())},
            {QStringLiteral("key_missing"), verdict.keyMissing},
            {QStringLiteral("faults"), faults},
            {QStringLiteral("faults_left_out"), static_cast<qint64>(verdict.faultsLeftOut)}};
}

} // namespace spillway::admin
