// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tests/support/consoleengine.h"
#include "ui/console.h"
#include "ui/session/session.h"
#include "ui/window/mainwindow.h"

#include <QtCore/QMimeData>
#include <QtGui/QClipboard>
#include <QtGui/QDropEvent>
#include <QtTest/QTest>
#include <QtWidgets/QApplication>
#include <QtWidgets/QPushButton>
#include <QtWidgets/QTableView>

namespace spillway::ui {

using tests::ConsoleEngine;

/// A console with its window before a real engine of its own, driven as a person drives it.
class ConsoleTest : public testing::Test
{
protected:
    void SetUp() override
    {
        const auto started = server_.start();
        ASSERT_TRUE(started) << started.error().message;
        open();
    }
    void open()
    {
        console_ =
            std::make_unique<Console>(*static_cast<QApplication*>(QCoreApplication::instance()),
                                      server_.client(), QString::fromStdString(server_.file("console.ini")));
        console_->setLanguage(QStringLiteral("en"));
        console_->showWindow();
        ASSERT_TRUE(
            until([&] { return console_->session().sharesKnown() && console_->session().linksKnown(); }));
        ASSERT_TRUE(until([&] { return window().isActiveWindow(); })); // shortcuts are for active windows
        QGuiApplication::clipboard()->clear();
    }
    template<class F>
    bool until(F good)
    {
        return ConsoleEngine::waitUntil(good);
    }
    MainWindow& window() { return console_->window(); }
    template<class T>
    T* child(QWidget& of, const char* name)
    {
        T* found = of.findChild<T*>(QLatin1String(name));
        EXPECT_TRUE(found) << name;
        return found;
    }
    QTableView& table(MainWindow::PageId page)
    {
        window().openPage(page);
        if (page == MainWindow::Transfers)
            return *child<QTableView>(window(), "transfers"); // one of three there
        return *window().page(page).findChild<QTableView*>();
    }
    static QString clipboard() { return QGuiApplication::clipboard()->text(); }
    bool clipboardFills()
    {
        return until([] { return !clipboard().isEmpty(); });
    }
    void drop(const QStringList& paths) { drop(paths, window()); }
    static void drop(const QStringList& paths, QWidget& on)
    {
        QMimeData data;
        QList<QUrl> urls;
        for (const QString& path : paths)
            urls += QUrl::fromLocalFile(path);
        data.setUrls(urls);
        QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&on, &enter);
        EXPECT_TRUE(enter.isAccepted());
        QDropEvent dropped(QPointF(300, 300), Qt::CopyAction, &data, Qt::LeftButton, Qt::NoModifier);
        QApplication::sendEvent(&on, &dropped);
        EXPECT_TRUE(dropped.isAccepted());
    }
    /// Presses the button of the newest toast that has one.
    void pressToast()
    {
        const auto heightOf = [this](QPushButton* one) { return one->mapTo(&window(), QPoint()).y(); };
        QPushButton* action = nullptr;
        ASSERT_TRUE(until([&] {
            for (QPushButton* one : window().findChildren<QPushButton*>(QStringLiteral("toastAction")))
                if (one->isVisible() && (!action || heightOf(one) > heightOf(action)))
                    action = one;
            return action != nullptr;
        }));
        QTest::mouseClick(action, Qt::LeftButton);
    }
    void selectFirstRow(QTableView& view)
    {
        QTest::mouseClick(view.viewport(), Qt::LeftButton, Qt::NoModifier,
                          view.visualRect(view.model()->index(0, 0)).center());
        ASSERT_EQ(view.selectionModel()->selectedRows().size(), 1);
    }
    void addShare(const std::string& name, const std::vector<std::pair<std::string, std::string>>& files)
    {
        const std::string folder = server_.makeFolder(name, files);
        ASSERT_TRUE(
            server_.run(contract::AddShare{QString::fromStdString(name), QByteArray::fromStdString(folder)}));
        console_->session().refreshShares();
        ASSERT_TRUE(until([&] { return console_->session().folders().share(QString::fromStdString(name)); }));
    }

    ConsoleEngine server_;
    std::unique_ptr<Console> console_;
};

} // namespace spillway::ui
