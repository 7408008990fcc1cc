// SPDX-License-Identifier: GPL-3.0-or-later
// The limit: what one core can do when a server does nothing but the system calls. One epoll set; a read, a
// search for the end of the head, a canned answer of 1 KiB. It parses nothing, checks nothing and is no
// server: it is the yardstick for the CPU time of a 1 KiB request.
//
//   bench_limit [--body BYTES]      prints "limit: listening on http://127.0.0.1:PORT", runs until SIGTERM

#include "server/base/uniquefd.h"

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>

using spillway::UniqueFd;

namespace {

[[noreturn]] void die(const char* what)
{
    std::perror(what);
    std::exit(1);
}

void watch(int epoll, int fd)
{
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.fd = fd;
    if (::epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &event) != 0)
        die("epoll_ctl");
}

UniqueFd listenOnLoopback()
{
    UniqueFd listener(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (!listener || ::bind(listener.get(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener.get(), 4096) != 0 ||
        ::getsockname(listener.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0)
        die("listen");
    std::printf("limit: listening on http://127.0.0.1:%d\n", ntohs(address.sin_port));
    std::fflush(stdout);
    return listener;
}

void acceptAll(int epoll, int listener)
{
    for (;;) {
        const int client = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (client < 0)
            return;
        const int on = 1;
        ::setsockopt(client, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        watch(epoll, client);
    }
}

} // namespace

int main(int argc, char** argv)
{
    std::size_t body = 1024;
    if (argc == 3 && std::string_view(argv[1]) == "--body")
        body = std::strtoul(argv[2], nullptr, 10);
    const std::string answer =
        "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nAccept-Ranges: bytes\r\n"
        "ETag: \"0123456789abcdef-400\"\r\nLast-Modified: Wed, 21 Oct 2015 07:28:00 GMT\r\n"
        "Cache-Control: public, max-age=0, must-revalidate\r\nX-Content-Type-Options: nosniff\r\n"
        "Content-Length: " +
        std::to_string(body) + "\r\n\r\n" + std::string(body, 'x');

    const UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
    const UniqueFd listener = listenOnLoopback();
    watch(epoll.get(), listener.get());
    std::array<epoll_event, 512> events;
    std::array<char, 65536> input;
    for (;;) {
        const int ready = ::epoll_wait(epoll.get(), events.data(), static_cast<int>(events.size()), -1);
        if (ready < 0 && errno != EINTR)
            die("epoll_wait");
        for (int i = 0; i < ready; ++i) {
            const int fd = events[static_cast<std::size_t>(i)].data.fd;
            if (fd == listener.get()) {
                acceptAll(epoll.get(), fd);
                continue;
            }
            const ssize_t got = ::recv(fd, input.data(), input.size(), 0);
            if (got <= 0)
                ::close(fd);
            else if (::memmem(input.data(), static_cast<std::size_t>(got), "\r\n\r\n", 4) != nullptr)
                ::send(fd, answer.data(), answer.size(), MSG_NOSIGNAL);
        }
    }
}
