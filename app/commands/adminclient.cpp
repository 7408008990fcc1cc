// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/commands/adminclient.h"

#include "server/admin/restrequest.h"
#include "server/base/uniquefd.h"
#include "server/config/ipaddress.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <charconv>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

namespace spillway::app {

namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kMaxAnswer = 64 << 20;

tl::unexpected<Error> unreachable(int errorNumber)
{
    Error error = osError("the running server's admin API cannot be reached", errorNumber);
    error.code = ErrorCode::Unavailable;
    return fail(std::move(error));
}

/// Waits for `events`; false where the deadline passed.
bool waitFor(int fd, short events, Clock::time_point deadline)
{
    for (;;) {
        const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
        if (left.count() <= 0)
            return false;
        pollfd entry{fd, events, 0};
        const int ready = ::poll(&entry, 1, static_cast<int>(left.count()));
        if (ready > 0)
            return true;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

Result<UniqueFd> connectTo(const config::Endpoint& endpoint, Clock::time_point deadline)
{
    UniqueFd fd(::socket(endpoint.address.isV4() ? AF_INET : AF_INET6,
                         SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd)
        return unreachable(errno);
    int result = 0;
    if (endpoint.address.isV4()) {
        sockaddr_in address = {};
        address.sin_family = AF_INET;
        address.sin_port = htons(endpoint.port);
        std::copy_n(endpoint.address.bytes.begin() + 12, 4,
                    reinterpret_cast<std::uint8_t*>(&address.sin_addr));
        result = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    } else {
        sockaddr_in6 address = {};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(endpoint.port);
        std::copy_n(endpoint.address.bytes.begin(), 16, reinterpret_cast<std::uint8_t*>(&address.sin6_addr));
        result = ::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    if (result != 0) {
        if (errno != EINPROGRESS)
            return unreachable(errno);
        if (!waitFor(fd.get(), POLLOUT, deadline))
            return unreachable(ETIMEDOUT);
        int failed = 0;
        socklen_t size = sizeof failed;
        ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &failed, &size);
        if (failed != 0)
            return unreachable(failed);
    }
    return fd;
}

/// Status, then the body, from a whole answer that ended with its connection.
Result<QJsonValue> readAnswer(const std::string& answer)
{
    const std::size_t headEnd = answer.find("\r\n\r\n");
    int status = 0;
    if (answer.starts_with("HTTP/1.1 ") && answer.size() > 12)
        std::from_chars(answer.data() + 9, answer.data() + 12, status);
    if (headEnd == std::string::npos || status < 200)
        return fail(ErrorCode::Corrupt, "the running server's admin API gave no HTTP answer");
    const std::string_view body = std::string_view(answer).substr(headEnd + 4);
    return admin::restAnswer(status, QByteArray(body.data(), static_cast<qsizetype>(body.size())));
}

} // namespace

Result<QJsonValue> AdminClient::call(const admin::Operation& operation, const QJsonObject& parameters) const
{
    const std::string request = admin::restRequest(operation, parameters)
                                    .text("localhost", QByteArray::fromStdString(run_.token), false)
                                    .toStdString();
    auto answer = exchange(request);
    if (!answer)
        return fail(answer.error());
    return readAnswer(*answer);
}

Result<std::string> AdminClient::exchange(const std::string& request) const
{
    constexpr std::string_view scheme = "http://";
    const auto endpoint = config::parseEndpoint(run_.address.starts_with(scheme)
                                                    ? std::string_view(run_.address).substr(scheme.size())
                                                    : std::string_view());
    if (!endpoint || !endpoint->address.isLoopback())
        return fail(ErrorCode::PermissionDenied, "admin.json names " + run_.address +
                                                     ", which is not on this machine; the token stays here");
    const Clock::time_point deadline = Clock::now() + timeout_;
    const auto fd = connectTo(*endpoint, deadline);
    if (!fd)
        return fail(fd.error());
    for (std::size_t sent = 0; sent < request.size();) {
        const ssize_t n = ::send(fd->get(), request.data() + sent, request.size() - sent, MSG_NOSIGNAL);
        if (n > 0)
            sent += static_cast<std::size_t>(n);
        else if (errno == EPIPE || errno == ECONNRESET)
            break; // refused on the head: its answer is there to be read
        else if (errno != EAGAIN && errno != EINTR)
            return unreachable(errno);
        else if (!waitFor(fd->get(), POLLOUT, deadline))
            return unreachable(ETIMEDOUT);
    }
    std::string answer;
    std::array<char, 16384> buffer;
    for (;;) {
        const ssize_t n = ::recv(fd->get(), buffer.data(), buffer.size(), 0);
        if (n == 0)
            return answer;
        if (n > 0) {
            answer.append(buffer.data(), static_cast<std::size_t>(n));
            if (answer.size() > kMaxAnswer)
                return fail(ErrorCode::Corrupt, "the running server's admin API answers without end");
        } else if (errno != EAGAIN && errno != EINTR) {
            return unreachable(errno);
        } else if (!waitFor(fd->get(), POLLIN, deadline)) {
            return unreachable(ETIMEDOUT);
        }
    }
}

} // namespace spillway::app
