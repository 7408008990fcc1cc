// SPDX-License-Identifier: GPL-3.0-or-later
// Qt loads its SQL driver through the application object, which GoogleTest's own main does not make.
#include <QCoreApplication>

#include <csignal>
#include <gtest/gtest.h>

int main(int argc, char** argv)
{
    std::signal(SIGPIPE, SIG_IGN); // as the server does: sendfile() has no MSG_NOSIGNAL
    const QCoreApplication app(argc, argv);
    testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
