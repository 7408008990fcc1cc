// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtWidgets/QApplication>
#include <csignal>
#include <gtest/gtest.h>

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN); // as the server does: sendfile() has no MSG_NOSIGNAL
    QApplication application(argc, argv);
    QLocale::setDefault(QLocale(QLocale::English, QLocale::UnitedStates));
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
