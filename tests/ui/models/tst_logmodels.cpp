// SPDX-License-Identifier: GPL-3.0-or-later
// The models of the log page under Qt's own tester, while lines come and go.
#include "ui/models/auditmodel.h"
#include "ui/models/logmodel.h"

#include <QtTest/QAbstractItemModelTester>
#include <gtest/gtest.h>

namespace spillway::ui {
namespace {

using Tester = QAbstractItemModelTester;

QString line(int number, int status = 200)
{
    return QStringLiteral(
               R"({"time":"2026-11-24T10:00:00.%1Z","client":"10.0.0.%2","port":5,"method":"GET","target":"/s/docs/%3",)"
               R"("protocol":"HTTP/1.1","status":%4,"bytes":5,"duration_us":1500,"user_agent":"curl/8"})")
        .arg(number % 1000, 3, 10, QLatin1Char('0'))
        .arg(number % 3)
        .arg(number)
        .arg(status);
}

TEST(LogModel, KeepsTheNewestAndTakesEarlierOnesWhereThereIsRoom)
{
    LogModel model;
    const Tester tester(&model, Tester::FailureReportingMode::Fatal);
    model.append({line(1), line(2)});
    model.prepend({line(-1), line(0)});
    ASSERT_EQ(model.rowCount(), 4);
    EXPECT_EQ(model.value(0, LogModel::Request), QStringLiteral("GET /s/docs/-1"));
    EXPECT_EQ(model.value(3, LogModel::Request), QStringLiteral("GET /s/docs/2"));
    QStringList many;
    for (int i = 3; i < 3 + static_cast<int>(LogModel::kMost); ++i)
        many += line(i);
    model.append(many.mid(0, 10'000));
    model.append(many.mid(10'000));
    EXPECT_EQ(model.rowCount(), static_cast<int>(LogModel::kMost));
    EXPECT_EQ(model.value(0, LogModel::Request), QStringLiteral("GET /s/docs/3"));
    model.prepend({line(0)});
    EXPECT_EQ(model.rowCount(), static_cast<int>(LogModel::kMost)) << "full";
    model.clear();
    EXPECT_EQ(model.rowCount(), 0);
    model.append(
        {QStringLiteral("10.0.0.7 - - [24/Nov/2026] \"GET / HTTP/1.1\" 200 5"), QStringLiteral("{broken")});
    EXPECT_EQ(model.value(0, LogModel::Request), model.row(0).text) << "a combined line is shown as it is";
}

TEST(LogFilter, ByTextAndByValues)
{
    LogModel model;
    LogFilter filter(model);
    const Tester tester(&filter, Tester::FailureReportingMode::Fatal);
    for (int i = 0; i < 9; ++i)
        model.append({line(i, i % 2 == 0 ? 200 : 404)});
    EXPECT_EQ(filter.rowCount(), 9);
    filter.setValue(LogModel::Client, QStringLiteral("10.0.0.1"));
    EXPECT_EQ(filter.rowCount(), 3);
    filter.setValue(LogModel::Status, QStringLiteral("404"));
    EXPECT_EQ(filter.rowCount(), 2);
    filter.setText(QStringLiteral("DOCS/7"));
    EXPECT_EQ(filter.rowCount(), 1);
    filter.removeValue(LogModel::Client);
    filter.setText({});
    EXPECT_EQ(filter.rowCount(), 4);
    model.append({line(10, 404)});
    EXPECT_EQ(filter.rowCount(), 5) << "what comes is filtered, too";
}

contract::AuditEntry entry(int id, const char* outcome = "done")
{
    contract::AuditEntry made;
    made.id = id;
    made.atMs = 1'700'000'000'000 + id;
    made.by = QStringLiteral("owner");
    made.operation = QStringLiteral("share.update");
    made.outcome = QLatin1String(outcome);
    return made;
}

TEST(AuditModel, NewEntriesComeOnTop)
{
    AuditModel model;
    const Tester tester(&model, Tester::FailureReportingMode::Fatal);
    model.setNewest({entry(3, "unknown"), entry(1)});
    model.setNewest({entry(5), entry(4), entry(3), entry(1)});
    ASSERT_EQ(model.rowCount(), 4);
    EXPECT_EQ(model.row(0).id, 5);
    EXPECT_EQ(model.row(2).outcome, QStringLiteral("done")) << "what was not known yet";
    model.append({entry(0)});
    EXPECT_EQ(model.row(4).id, 0);
    model.setNewest({});
    EXPECT_EQ(model.rowCount(), 5);
}

TEST(AuditModel, SaysWhatChanged)
{
    contract::AuditEntry changed = entry(1);
    changed.before = {{QStringLiteral("public"), false},
                      {QStringLiteral("name"), QStringLiteral("a")},
                      {QStringLiteral("version"), QStringLiteral("x")}};
    changed.after = {{QStringLiteral("public"), true},
                     {QStringLiteral("name"), QStringLiteral("a")},
                     {QStringLiteral("version"), QStringLiteral("y")}};
    EXPECT_EQ(changeText(changed), QStringLiteral("public: no → yes"));
    changed.error = QStringLiteral("there is no such share");
    EXPECT_EQ(changeText(changed), changed.error);
}

} // namespace
} // namespace spillway::ui
