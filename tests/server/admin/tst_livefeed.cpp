// SPDX-License-Identifier: GPL-3.0-or-later
// The stream of snapshots: what ended is told once to everybody, however few snapshots he takes.
#include "tests/server/admin/adminfixture.h"

namespace spillway::admin {
namespace {

/// One who reads the stream, bit by bit.
class Stream
{
public:
    Stream(std::uint16_t port, const std::string& token, int interval) : fd_(connectTo(port))
    {
        const std::string request = "GET /api/v1/live?interval=" + std::to_string(interval) +
                                    " HTTP/1.0\r\nHost: localhost\r\nAuthorization: Bearer " + token +
                                    "\r\n\r\n";
        EXPECT_EQ(::send(fd_.get(), request.data(), request.size(), MSG_NOSIGNAL),
                  static_cast<ssize_t>(request.size()));
    }
    /// Reads until `text` came so often; false where the stream ends or stays silent.
    [[nodiscard]] bool has(std::string_view text, int times)
    {
        while (count(text) < times) {
            std::array<char, 65536> buffer;
            const ssize_t n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
            if (n <= 0)
                return false;
            all_.append(buffer.data(), static_cast<std::size_t>(n));
        }
        return true;
    }
    [[nodiscard]] int count(std::string_view text) const
    {
        int times = 0;
        for (std::size_t at = 0; (at = all_.find(text, at)) != std::string::npos; at += text.size())
            ++times;
        return times;
    }
    /// Of the last whole snapshot.
    [[nodiscard]] QJsonObject last() const
    {
        const std::size_t end = all_.rfind("\n\n"), begin = all_.rfind("data: ", end) + 6;
        return QJsonDocument::fromJson(QByteArray::fromStdString(all_.substr(begin, end - begin))).object();
    }

private:
    UniqueFd fd_;
    std::string all_;
};

TEST_F(AdminServerTest, WhatEndedIsToldToWhoTakesFewSnapshotsToo)
{
    std::filesystem::create_directory(folder_.file("big"));
    catalog::writeFile(folder_.file("big/a.bin"), std::string(32 << 20, 'x'));
    ASSERT_TRUE(management_->addShare({"big", folder_.file("big"), true, false, true, {}}));
    constexpr std::string_view snapshot = "event: snapshot", done = "\"complete\":true";
    Stream lazy(port_, token_, 2000);
    ASSERT_TRUE(lazy.has(snapshot, 1));
    Stream eager(port_, token_, 100);
    ASSERT_TRUE(eager.has(snapshot, 1));
    for (int i = 0; i < 3; ++i)
        EXPECT_EQ(talk(engine_->addresses().front().port, "GET /s/big/a.bin HTTP/1.0\r\n\r\n").body.size(),
                  32U << 20);
    ASSERT_TRUE(eager.has(done, 3));
    EXPECT_TRUE(lazy.has(done, 3)) << "of the snapshots that were not for him, too";
    EXPECT_TRUE(lazy.has("\n\n", lazy.count(snapshot) + 1)); // the preface, and each event whole
    EXPECT_LT(lazy.count(snapshot), eager.count(snapshot));
    EXPECT_TRUE(lazy.last().value(QLatin1String("ended")).isArray()) << "it is JSON, put together as it is";
    ASSERT_TRUE(lazy.has(snapshot, lazy.count(snapshot) + 1));
    EXPECT_EQ(lazy.count(done), 3) << "each is told once";
    EXPECT_EQ(eager.count(done), 3);
}

} // namespace
} // namespace spillway::admin
