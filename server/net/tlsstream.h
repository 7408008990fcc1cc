// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/tlscontext.h"

#include <cstddef>
#include <cstdint>
#include <list>
#include <memory>
#include <string_view>

namespace spillway::net {

class Connection;

/// TLS on one connection's descriptor: OpenSSL's state, and how its bytes reach the socket. Owned by the
/// connection, worker thread only. Never blocks. While idle it holds no buffer (SSL_MODE_RELEASE_BUFFERS).
///
/// Sending is counted honestly: bytes are taken when their whole record is in the kernel. Where a record is
/// encrypted but the socket is full, pending() says how many bytes it holds; retry() sends that same record
/// (its bytes are not looked at again), and nothing else may be written before it is out.
///
/// Where the kernel encrypts (kernelSends()), the connection sends as if there were no TLS, and only
/// handshake and alerts go through here.
class TlsStream
{
public:
    enum class Progress : std::uint8_t
    {
        Done,
        Again, ///< an event of the socket will tell
        Failed
    };

    /// Null where memory is out. `fd` stays the connection's.
    [[nodiscard]] static std::unique_ptr<TlsStream> make(std::shared_ptr<const TlsContext> context, int fd);
    ~TlsStream();
    TlsStream(const TlsStream&) = delete;
    TlsStream& operator=(const TlsStream&) = delete;

    /// `readable`: the socket may have bytes. Becomes false when it was emptied, in each of these calls.
    [[nodiscard]] Progress handshake(bool& readable);
    /// > 0: bytes; 0: nothing now; -1: the peer has ended (ended()) or failed.
    [[nodiscard]] std::ptrdiff_t read(char* buffer, std::size_t capacity, bool& readable);
    /// How many of `bytes` are in the kernel, or -1. `more`: others follow soon, so packets may wait for
    /// them.
    [[nodiscard]] std::ptrdiff_t write(std::string_view bytes, bool more);
    /// pending() bytes, 0 where the socket is still full, or -1.
    [[nodiscard]] std::ptrdiff_t retry();
    [[nodiscard]] std::size_t pending() const noexcept { return interim_ ? 0 : pending_; }
    /// Bytes that are no part of an answer: should they not go out at once, they do so before the next ones.
    void writeInterim(std::string_view bytes);
    /// close_notify, so that the client can tell an end from a cut. At most one packet, and only if it goes
    /// out now.
    void sendCloseNotify();

    [[nodiscard]] bool ended() const noexcept { return ended_; }
    /// Bytes of the peer that are here but not read.
    [[nodiscard]] bool hasInput() const noexcept;
    [[nodiscard]] bool kernelSends() const noexcept;
    [[nodiscard]] bool resumed() const noexcept;
    [[nodiscard]] bool is13() const noexcept;

    /// Its place in the worker's list of unfinished handshakes.
    std::list<Connection*>::iterator place;

private:
    friend struct TlsSocket;
    struct Free
    {
        void operator()(SSL* ssl) const noexcept;
    };
    TlsStream(std::shared_ptr<const TlsContext> context, int fd) : context_(std::move(context)), fd_(fd) {}
    [[nodiscard]] Progress progressOf(int result);
    [[nodiscard]] std::ptrdiff_t writeRecord(const char* bytes, std::size_t size);

    std::shared_ptr<const TlsContext> context_; ///< OpenSSL's callbacks point to it
    std::unique_ptr<SSL, Free> ssl_;
    int fd_;
    std::uint32_t pending_ = 0; ///< plain bytes of the record that the socket did not take whole
    bool interim_ : 1 = false;  ///< the pending record is no part of an answer
    bool readable_ : 1 = false;
    bool more_ : 1 = false;
    bool ended_ : 1 = false;
};

} // namespace spillway::net
