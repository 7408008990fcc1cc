// SPDX-License-Identifier: GPL-3.0-or-later
// The window stays open while 500 clients download, come and go: what it takes of memory does not grow. A few
// seconds by default; TEST_SOAK=SECONDS for as long as wanted.
#include "tests/ui/pages/consolefixture.h"

#include <malloc.h>
#include <random>
#include <sys/resource.h>

namespace spillway::ui {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kClients = 500;
constexpr std::size_t kChurn = 10; ///< that leave and come, ten times a second
constexpr std::int64_t kMostGrowth = 24 << 20;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool kOwnMemory = false; ///< what is freed is kept for a while, to find its users
#else
constexpr bool kOwnMemory = true;
#endif

/// Bytes of this process that are in memory: the window's, the engine's and the clients'.
std::int64_t residentBytes()
{
    ::malloc_trim(0);
    QFile statm(QStringLiteral("/proc/self/statm"));
    if (!statm.open(QIODevice::ReadOnly))
        return 0;
    return statm.readAll().split(' ').value(1).toLongLong() * ::sysconf(_SC_PAGESIZE);
}

/// Takes what is there, up to 64 KiB a call.
class Sipper
{
public:
    explicit Sipper(std::uint16_t port, const QByteArray& target)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
    {
        const int small = 64 * 1024;
        ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &small, sizeof small);
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(port);
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        good_ = ::connect(fd_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
        const QByteArray request =
            "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n";
        good_ = good_ && ::send(fd_.get(), request.constData(), static_cast<std::size_t>(request.size()),
                                MSG_NOSIGNAL) == request.size();
    }
    /// False at the end.
    [[nodiscard]] bool sip()
    {
        static std::array<char, 65536> buffer;
        const ssize_t n = ::recv(fd_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
        return good_ && (n > 0 || (n < 0 && (errno == EAGAIN || errno == EINTR)));
    }

private:
    UniqueFd fd_;
    bool good_ = false;
};

TEST_F(ConsoleTest, MemoryIsFlatWhileFiveHundredClientsDownload)
{
    rlimit files = {};
    ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = files.rlim_max;
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
    if (files.rlim_cur < 2 * kClients + 200)
        GTEST_SKIP() << "this shell allows only " << files.rlim_cur << " open files";
    addShare("big", {{"large.bin", "x"}});
    std::filesystem::resize_file(server_.file("big/large.bin"), std::uintmax_t{16} << 20);
    ASSERT_TRUE(server_.run(contract::CreateLink{"big/large.bin"}));
    const auto link = server_.run(contract::CreateLink{"big/large.bin"});
    ASSERT_TRUE(link);
    const QByteArray target = QUrl(link->url).toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority);
    const std::uint16_t port = server_.engine().addresses().front().port;

    const int wanted = qEnvironmentVariableIntValue("TEST_SOAK");
    const auto length = std::chrono::seconds(wanted > 0 ? wanted : 10);
    std::vector<std::unique_ptr<Sipper>> clients;
    const auto begin = [&] { return std::make_unique<Sipper>(port, target); };
    for (std::size_t i = 0; i < kClients; ++i)
        clients.push_back(begin());
    ASSERT_TRUE(until([&] { return console_->session().transfers().running() >= 450; }));

    std::mt19937 random(7);
    constexpr std::size_t kFewest = 5; // of what is seen: a middle and what came after it
    std::vector<std::int64_t> seen;
    std::size_t ended = 0;
    const QDeadlineTimer end(length);
    // A busy machine makes fewer turns in that time.
    for (int tick = 0; !end.hasExpired() || seen.size() < kFewest; ++tick) {
        for (auto& client : clients) {
            if (client->sip())
                continue;
            client = begin();
            ++ended;
        }
        if (tick % 5 == 0)
            for (std::size_t i = 0; i < kChurn; ++i)
                clients[random() % kClients] = begin();
        if (tick % 50 == 0)
            window().openPage(tick / 50 % MainWindow::PageCount);
        if (tick % 50 == 25)
            seen.push_back(residentBytes());
        const QDeadlineTimer pause(20);
        do {
            QCoreApplication::processEvents(QEventLoop::AllEvents, 10);
            QThread::msleep(1);
        } while (!pause.hasExpired());
    }
    // Every page was open once in the first ten of these.
    ASSERT_GT(seen.size(), 4U);
    const std::int64_t first = seen[std::min<std::size_t>(seen.size() / 2, 20)], last = seen.back();
    const auto inMib = [](std::int64_t bytes) { return static_cast<double>(bytes) / (1 << 20); };
    std::printf("%zu clients for %lld s, %zu downloads finished: %.1f MiB warm, %.1f MiB at the end, "
                "%.1f MiB the most\n",
                kClients, static_cast<long long>(length.count()), ended, inMib(first), inMib(last),
                inMib(*std::max_element(seen.begin(), seen.end())));
    // The end of an answer waits in the system's buffers; by then it does not run any more.
    EXPECT_GE(console_->session().live().running.transfers.size(), kClients / 2);
    if (kOwnMemory) {
        EXPECT_LT(last - first, kMostGrowth);
    }
}

} // namespace
} // namespace spillway::ui
