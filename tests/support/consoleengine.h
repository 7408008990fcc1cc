// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/admin/localengineclient.h"
#include "server/config/ipaddress.h"
#include "server/engine/engine.h"
#include "server/engine/settingscontrol.h"
#include "server/observe/log.h"
#include "tests/server/catalog/catalogfixture.h"

#include <QtCore/QCoreApplication>
#include <QtCore/QDeadlineTimer>
#include <QtCore/QFile>
#include <QtCore/QProcess>
#include <QtCore/QThread>
#include <arpa/inet.h>
#include <charconv>
#include <future>
#include <netinet/in.h>
#include <sys/socket.h>

// A real engine in this process with a console's client before it, and clients that download from it.
namespace spillway::tests {

/// A client that reads 64 KiB of an answer and then nothing, until it is asked whether the server ended it.
class SlowClient
{
public:
    explicit SlowClient(const QString& url, const QString& agent = QStringLiteral("slow/1"))
    {
        const QString rest = url.section(QStringLiteral("://"), 1);
        const QString authority = rest.section(QLatin1Char('/'), 0, 0);
        fd_ = UniqueFd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
        const int small = 64 * 1024;
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        const timeval patience{30, 0};
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(authority.section(QLatin1Char(':'), 1).toUShort());
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            return;
        const QByteArray request = "GET " + rest.mid(authority.size()).toUtf8() +
                                   " HTTP/1.1\r\nHost: " + authority.toUtf8() +
                                   "\r\nUser-Agent: " + agent.toUtf8() + "\r\n\r\n";
        (void)!::send(fd_.get(), request.constData(), static_cast<std::size_t>(request.size()), MSG_NOSIGNAL);
        read(64 * 1024);
    }
    /// Reads on until the connection ends; true where that was a reset, not an end of the file.
    [[nodiscard]] bool endsUnfinished() const
    {
        std::array<char, 65536> buffer;
        ssize_t n = 0;
        while ((n = ::recv(fd_.get(), buffer.data(), buffer.size(), 0)) > 0) {
        }
        return n < 0 && errno == ECONNRESET;
    }
    void read(std::size_t bytes) const
    {
        std::vector<char> buffer(bytes);
        (void)!::recv(fd_.get(), buffer.data(), buffer.size(), MSG_WAITALL);
    }

private:
    UniqueFd fd_;
};

class ConsoleEngine
{
public:
    ~ConsoleEngine()
    {
        client_.reset();
        management_.reset();
        engine_.reset();
    }

    [[nodiscard]] Result<void> start(const std::vector<std::pair<std::string, std::string>>& changes = {})
    {
        std::vector<std::pair<std::string, std::string>> all{
            {"listen", "127.0.0.1:0"}, {"workers", "1"}, {"log.access", "off"}};
        all.insert(all.end(), changes.begin(), changes.end());
        auto data = catalog::DataFolder::open(folder_.file("data"));
        if (!data)
            return fail(data.error());
        const config::SettingsStore store(settingsFile(), false, {}, {});
        config::Settings settings;
        for (const auto& [name, text] : all) {
            auto set = store.set(config::findRow(name), {text});
            if (!set)
                return fail(set.error());
            settings = std::move(*set);
        }
        settings_ = std::make_unique<engine::SettingsControl>(
            store, settings, [this](config::Settings changed) { apply(std::move(changed)); });
        auto made = engine::Engine::create(std::move(*data), std::move(settings), clock_, log_);
        if (!made)
            return fail(made.error());
        engine_ = std::move(*made);
        if (auto started = engine_->start(); !started)
            return fail(started.error());
        management_ =
            std::unique_ptr<engine::Management>(new engine::Management(engine::Management::of(*engine_)));
        management_->setSettingsControl(settings_.get());
        management_->setSettings(engine::ManagementSettings::from(engine_->settings(), engine_->listening()));
        client_ = std::make_unique<admin::LocalEngineClient>(
            admin::OperationContext{*management_, engine_.get(), engine_->index()}, *engine_);
        return {};
    }

    [[nodiscard]] contract::EngineClient& client() { return *client_; }
    [[nodiscard]] engine::Engine& engine() { return *engine_; }
    [[nodiscard]] engine::Management& management() { return *management_; }
    [[nodiscard]] QString url() const
    {
        return QStringLiteral("http://127.0.0.1:%1").arg(engine_->addresses().front().port);
    }
    [[nodiscard]] std::string settingsFile() const { return folder_.file("data/spillway.toml"); }
    [[nodiscard]] std::string file(const std::string& name) const { return folder_.file(name); }

    void setShareRoots(std::vector<std::string> roots)
    {
        auto settings = engine::ManagementSettings::from(engine_->settings(), engine_->listening());
        settings.shareRoots = std::move(roots);
        management_->setSettings(std::move(settings));
    }

    /// Files below a new folder, by their path in it; its path.
    std::string makeFolder(const std::string& name,
                           const std::vector<std::pair<std::string, std::string>>& files) const
    {
        const std::string top = folder_.file(name);
        std::filesystem::create_directories(top);
        for (const auto& [path, bytes] : files) {
            std::filesystem::create_directories(std::filesystem::path(top + "/" + path).parent_path());
            catalog::writeFile(top + "/" + path, bytes);
        }
        return top;
    }

    /// Runs the event loop until `good` says yes; false after 20 s.
    template<class F>
    [[nodiscard]] static bool waitUntil(F good)
    {
        const QDeadlineTimer patience(20'000);
        while (!good()) {
            if (patience.hasExpired())
                return false;
            QCoreApplication::processEvents(QEventLoop::AllEvents, 20);
            QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
            QThread::msleep(2);
        }
        return true;
    }

    template<class Command>
    [[nodiscard]] Result<typename Command::Answer> run(const Command& command)
    {
        return run(*client_, command);
    }
    template<class Command>
    [[nodiscard]] static Result<typename Command::Answer> run(contract::EngineClient& client,
                                                              const Command& command)
    {
        std::optional<Result<typename Command::Answer>> answer;
        client.run<Command>(&client, command, [&](Result<typename Command::Answer> result) {
            EXPECT_FALSE(answer) << Command::operation << " was answered twice";
            answer = std::move(result);
        });
        EXPECT_FALSE(answer) << Command::operation << " was answered inside the call";
        if (!waitUntil([&] { return answer.has_value(); }))
            return fail(ErrorCode::Internal, std::string(Command::operation) + " was not answered");
        return std::move(*answer);
    }

    struct Fetched
    {
        int status = 0;
        QByteArray body;
    };
    /// By curl.
    [[nodiscard]] static Fetched fetch(const QString& url)
    {
        QProcess curl;
        curl.start(QStringLiteral("curl"), {QStringLiteral("-sS"), QStringLiteral("--noproxy"),
                                            QStringLiteral("*"), QStringLiteral("-m"), QStringLiteral("30"),
                                            QStringLiteral("-w"), QStringLiteral("\n%{http_code}"), url});
        if (!curl.waitForFinished(40'000))
            return {};
        const QByteArray all = curl.readAllStandardOutput();
        const auto at = all.lastIndexOf('\n');
        return {all.mid(at + 1).toInt(), all.left(at)};
    }

private:
    /// As app/server.cpp does it: the main thread puts settings in force, and the asking one waits for that.
    void apply(config::Settings settings)
    {
        auto done = std::make_shared<std::promise<void>>();
        QMetaObject::invokeMethod(
            client_.get(),
            [this, done, settings = std::move(settings)]() mutable {
                (void)engine_->reload(std::move(settings));
                done->set_value();
            },
            Qt::QueuedConnection);
        (void)done->get_future().wait_for(std::chrono::seconds(2));
    }

    catalog::TemporaryFolder folder_;
    SystemClock clock_;
    observe::Log log_{observe::LogOptions{}, clock_};
    std::unique_ptr<engine::Engine> engine_;
    std::unique_ptr<engine::Management> management_;
    std::unique_ptr<engine::SettingsControl> settings_;
    std::unique_ptr<admin::LocalEngineClient> client_;
};

} // namespace spillway::tests
