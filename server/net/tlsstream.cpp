// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/net/tlsstream.h"

#include <algorithm>
#include <cerrno>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

namespace spillway::net {

namespace {

constexpr std::size_t kRecord = SSL3_RT_MAX_PLAIN_LENGTH;

/// OpenSSL judges a call by what is in the thread's error queue; what others left there must not count.
void forgetErrors()
{
    if (ERR_peek_error() != 0)
        ERR_clear_error();
}

} // namespace

/// How records reach the socket. Not OpenSSL's own socket BIO, because this one knows what the connection
/// knows: a short read has emptied the socket (one recv less for each request), more records follow
/// (MSG_MORE), and a client that has left raises no SIGPIPE. The kernel's TLS works through OpenSSL's only,
/// so that is used there.
struct TlsSocket
{
    static TlsStream& stream(BIO* bio) { return *static_cast<TlsStream*>(BIO_get_data(bio)); }

    static int read(BIO* bio, char* buffer, int size)
    {
        TlsStream& tls = stream(bio);
        BIO_clear_retry_flags(bio);
        if (!tls.readable_ && !tls.ended_) {
            BIO_set_retry_read(bio);
            return -1;
        }
        const ssize_t n = ::recv(tls.fd_, buffer, static_cast<std::size_t>(size), 0);
        if (n > 0) {
            // As in Connection::receive: an end of stream makes a next event of its own.
            tls.readable_ = n == size;
            return static_cast<int>(n);
        }
        tls.readable_ = false;
        tls.ended_ = n == 0;
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            BIO_set_retry_read(bio);
        return static_cast<int>(n);
    }

    static int write(BIO* bio, const char* bytes, int size)
    {
        const TlsStream& tls = stream(bio);
        BIO_clear_retry_flags(bio);
        const ssize_t n =
            ::send(tls.fd_, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL | (tls.more_ ? MSG_MORE : 0));
        if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
            BIO_set_retry_write(bio);
        return static_cast<int>(n);
    }

    static long control(BIO* bio, int command, long, void*)
    {
        if (command == BIO_CTRL_EOF)
            return stream(bio).ended_ ? 1 : 0;
        return command == BIO_CTRL_FLUSH ? 1 : 0;
    }

    static int create(BIO* bio)
    {
        BIO_set_init(bio, 1);
        return 1;
    }

    /// Made once, never freed: every connection of the process points to it.
    static const BIO_METHOD* method()
    {
        static const BIO_METHOD* const made = [] {
            BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "spillway socket");
            if (method && BIO_meth_set_read(method, &TlsSocket::read) == 1 &&
                BIO_meth_set_write(method, &TlsSocket::write) == 1 &&
                BIO_meth_set_ctrl(method, &TlsSocket::control) == 1 &&
                BIO_meth_set_create(method, &TlsSocket::create) == 1)
                return method;
            BIO_meth_free(method);
            return static_cast<BIO_METHOD*>(nullptr);
        }();
        return made;
    }
};

void TlsStream::Free::operator()(SSL* ssl) const noexcept
{
    SSL_free(ssl);
}

TlsStream::~TlsStream() = default;

std::unique_ptr<TlsStream> TlsStream::make(std::shared_ptr<const TlsContext> context, int fd)
{
    std::unique_ptr<TlsStream> made(new TlsStream(std::move(context), fd));
    made->ssl_.reset(made->context_->newConnection());
    SSL* const ssl = made->ssl_.get();
    if (!ssl)
        return nullptr;
    if (made->context_->kernelTls())
        return SSL_set_fd(ssl, fd) == 1 ? std::move(made) : nullptr;
    BIO* const bio = TlsSocket::method() ? BIO_new(TlsSocket::method()) : nullptr;
    if (!bio)
        return nullptr;
    BIO_set_data(bio, made.get());
    SSL_set_bio(ssl, bio, bio);
    return made;
}

TlsStream::Progress TlsStream::progressOf(int result)
{
    const int error = SSL_get_error(ssl_.get(), result);
    if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
        return Progress::Again;
    if (error == SSL_ERROR_ZERO_RETURN)
        ended_ = true;
    ERR_clear_error();
    return Progress::Failed;
}

TlsStream::Progress TlsStream::handshake(bool& readable)
{
    forgetErrors();
    readable_ = readable;
    const int result = SSL_accept(ssl_.get());
    const Progress progress = result == 1 ? Progress::Done : progressOf(result);
    // OpenSSL's own socket BIO does not tell; an extra look costs a recv.
    readable = context_->kernelTls() ? progress == Progress::Done : readable_;
    return progress;
}

std::ptrdiff_t TlsStream::read(char* buffer, std::size_t capacity, bool& readable)
{
    forgetErrors();
    readable_ = readable;
    std::size_t bytes = 0;
    const int result = SSL_read_ex(ssl_.get(), buffer, capacity, &bytes);
    const Progress progress = result == 1 ? Progress::Done : progressOf(result);
    readable = context_->kernelTls() ? progress == Progress::Done : readable_;
    if (progress == Progress::Done)
        return static_cast<std::ptrdiff_t>(bytes);
    return progress == Progress::Again ? 0 : -1;
}

/// One record, all or nothing.
std::ptrdiff_t TlsStream::writeRecord(const char* bytes, std::size_t size)
{
    forgetErrors();
    std::size_t written = 0;
    const int result = SSL_write_ex(ssl_.get(), bytes, size, &written);
    if (result == 1) {
        pending_ = 0;
        return static_cast<std::ptrdiff_t>(written);
    }
    if (progressOf(result) == Progress::Failed)
        return -1;
    pending_ = static_cast<std::uint32_t>(size);
    return 0;
}

std::ptrdiff_t TlsStream::write(std::string_view bytes, bool more)
{
    if (interim_) {
        if (const auto n = retry(); n <= 0)
            return n;
        interim_ = false;
    }
    std::size_t sent = 0;
    while (sent < bytes.size()) {
        const std::size_t size = std::min(kRecord, bytes.size() - sent);
        more_ = more || sent + size < bytes.size();
        const auto n = writeRecord(bytes.data() + sent, size);
        if (n < 0)
            return -1;
        if (n == 0)
            break;
        sent += static_cast<std::size_t>(n);
    }
    more_ = false;
    return static_cast<std::ptrdiff_t>(sent);
}

std::ptrdiff_t TlsStream::retry()
{
    // The record is encrypted and kept by OpenSSL, which wants to see the length again and no byte.
    static constexpr char kUnread[kRecord] = {};
    const std::size_t size = pending_;
    more_ = false;
    const auto n = writeRecord(kUnread, size);
    return n > 0 ? static_cast<std::ptrdiff_t>(size) : n;
}

void TlsStream::writeInterim(std::string_view bytes)
{
    if (pending_ == 0)
        interim_ = writeRecord(bytes.data(), bytes.size()) == 0;
}

void TlsStream::sendCloseNotify()
{
    if (pending_ != 0)
        return; // an alert in the middle of a record would be a lie
    forgetErrors();
    SSL_shutdown(ssl_.get());
    forgetErrors();
}

bool TlsStream::hasInput() const noexcept
{
    return SSL_has_pending(ssl_.get()) == 1;
}

bool TlsStream::kernelSends() const noexcept
{
#ifdef OPENSSL_NO_KTLS
    return false;
#else
    return BIO_get_ktls_send(SSL_get_wbio(ssl_.get())) != 0;
#endif
}

bool TlsStream::resumed() const noexcept
{
    return SSL_session_reused(ssl_.get()) == 1;
}

bool TlsStream::is13() const noexcept
{
    return SSL_version(ssl_.get()) == TLS1_3_VERSION;
}

} // namespace spillway::net
