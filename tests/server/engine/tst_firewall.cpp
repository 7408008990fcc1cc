// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/firewall.h"
#include "tests/server/catalog/catalogfixture.h"

#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

namespace spillway::engine {
namespace {

TEST(Firewall, IsTheOneThatRuns)
{
    const catalog::TemporaryFolder root;
    EXPECT_EQ(runningFirewall(root.path()), "");
    std::filesystem::create_directories(root.file("run/systemd/units"));
    std::filesystem::create_directories(root.file("etc/ufw"));
    const auto activate = [&](const char* unit) {
        // As systemd does it: what it points to is no file.
        std::filesystem::create_symlink("0123456789abcdef",
                                        root.file("run/systemd/units/invocation:") + unit);
    };
    activate("ssh.service");
    EXPECT_EQ(runningFirewall(root.path()), "");
    activate("nftables.service");
    EXPECT_EQ(runningFirewall(root.path()), "nftables");
    activate("firewalld.service");
    EXPECT_EQ(runningFirewall(root.path()), "firewalld") << "it uses nftables itself";
    std::ofstream(root.file("etc/ufw/ufw.conf")) << "# comment\nENABLED=no\nLOGLEVEL=low\n";
    EXPECT_EQ(runningFirewall(root.path()), "firewalld");
    std::ofstream(root.file("etc/ufw/ufw.conf")) << "# comment\nENABLED=yes\nLOGLEVEL=low\n";
    EXPECT_EQ(runningFirewall(root.path()), "ufw");
}

} // namespace
} // namespace spillway::engine
