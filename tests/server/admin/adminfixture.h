// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/adminserver.h"
#include "server/admin/auditlog.h"
#include "server/admin/runfile.h"
#include "server/engine/engine.h"
#include "server/observe/log.h"
#include "tests/server/catalog/catalogfixture.h"
#include <QtCore/QJsonArray>
#include <QtCore/QJsonDocument>
#include <arpa/inet.h>
#include <array>
#include <charconv>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <gtest/gtest.h>

namespace spillway::admin {

struct Answer
{
    int status = 0;
    std::string head, body;
    [[nodiscard]] QJsonObject object() const
    {
        return QJsonDocument::fromJson(QByteArray::fromStdString(body)).object();
    }
    [[nodiscard]] std::string text(const char* member) const
    {
        return object().value(QLatin1String(member)).toString().toStdString();
    }
};

/// To 127.0.0.1; empty where nothing listens.
inline UniqueFd connectTo(std::uint16_t port)
{
    UniqueFd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const timeval patience{30, 0};
    ::setsockopt(fd.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        return {};
    return fd;
}

/// Sends bytes as they are; reads until the server closes.
inline Answer talk(std::uint16_t port, const std::string& bytes)
{
    const UniqueFd fd = connectTo(port);
    if (!fd)
        return {};
    for (std::size_t sent = 0; sent < bytes.size();) {
        const ssize_t n = ::send(fd.get(), bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (n <= 0)
            break; // refused on its head
        sent += static_cast<std::size_t>(n);
    }
    std::string all;
    std::array<char, 65536> buffer;
    for (ssize_t n = 0; (n = ::recv(fd.get(), buffer.data(), buffer.size(), 0)) > 0;)
        all.append(buffer.data(), static_cast<std::size_t>(n));
    Answer answer;
    const std::size_t end = all.find("\r\n\r\n");
    if (end == std::string::npos)
        return answer;
    std::from_chars(all.data() + 9, all.data() + 12, answer.status);
    answer.head = all.substr(0, end + 2);
    answer.body = all.substr(end + 4);
    return answer;
}

/// The admin listener over real sockets, before a real engine on port 0.
class AdminServerTest : public testing::Test
{
protected:
    void SetUp() override
    {
        ::setenv("XDG_RUNTIME_DIR", folder_.path().c_str(), 1);
        std::filesystem::create_directory(folder_.file("files"));
        catalog::writeFile(folder_.file("files/a.txt"), "hello");
        ASSERT_TRUE(start({}));
    }
    void TearDown() override { stop(); }

    Result<void> start(const std::vector<std::pair<std::string, std::string>>& changes)
    {
        config::Settings settings;
        std::vector<std::pair<std::string, std::string>> all{{"listen", "127.0.0.1:0"},
                                                             {"admin.listen", "127.0.0.1:0"},
                                                             {"workers", "1"},
                                                             {"log.access", "off"}};
        all.insert(all.end(), changes.begin(), changes.end());
        for (const auto& [name, text] : all)
            if (auto set = settings.set(config::findRow(name), {text}, {}); !set)
                return set;
        auto data = catalog::DataFolder::open(folder_.file("data"));
        if (!data)
            return fail(data.error());
        auto made = engine::Engine::create(std::move(*data), std::move(settings), clock_, log_);
        if (!made)
            return fail(made.error());
        engine_ = std::move(*made);
        if (auto started = engine_->start(); !started)
            return started;
        management_ = std::make_unique<engine::Management>(
            engine_->catalog(), clock_, engine_->dataFolder(),
            engine::ManagementSettings::from(engine_->settings()), [this] { return engine_->reloadRules(); });
        auto audit = AuditLog::open(engine_->dataFolder(), clock_);
        if (!audit)
            return fail(audit.error());
        audit_ = std::move(*audit);
        server_ = std::make_unique<AdminServer>(*engine_, *management_, audit_.get());
        if (auto started = server_->start(); !started)
            return started;
        port_ = server_->addresses().front().address.port;
        token_ = readRunFile(engine_->dataFolder())->token;
        return {};
    }
    void stop()
    {
        server_.reset();
        management_.reset();
        engine_.reset();
    }

    Answer call(const std::string& method, const std::string& target, const std::string& body = {},
                const std::string& fields = {}) const
    {
        std::string request = method + " " + target +
                              " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port_) +
                              "\r\nConnection: close\r\nAuthorization: Bearer " + token_ + "\r\n" + fields;
        if (!body.empty())
            request +=
                "Content-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
        return talk(port_, request + "\r\n" + body);
    }
    Answer raw(const std::string& line, const std::string& fields) const
    {
        return talk(port_, line + " HTTP/1.1\r\nConnection: close\r\n" + fields + "\r\n");
    }

    catalog::TemporaryFolder folder_;
    SystemClock clock_;
    observe::Log log_{observe::LogOptions{}, clock_};
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<engine::Management> management_;
    std::unique_ptr<AuditLog> audit_;
    std::unique_ptr<AdminServer> server_;
    std::uint16_t port_ = 0;
    std::string token_;
};

} // namespace spillway::admin
