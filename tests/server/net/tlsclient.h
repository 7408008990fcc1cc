// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/uniquefd.h"

#include <algorithm>
#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <memory>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <string>
#include <string_view>
#include <sys/socket.h>

namespace spillway::net {

/// What a TlsClient begins with.
struct TlsClientOptions
{
    int receiveBuffer = 0;                    ///< SO_RCVBUF; 0: the system's
    int maxVersion = TLS1_3_VERSION;          ///< and at least TLS 1.2, or this one where it is older
    int minVersion = 0;                       ///< 0: as said
    std::string name = "localhost";           ///< SNI; empty: none
    std::string_view alpn = "\x08http/1.1";   ///< as on the wire; empty: none
    std::shared_ptr<SSL_SESSION> resume = {}; ///< a session of before
};

/// A real OpenSSL client over loopback that never blocks and puts its bytes on the wire one by one, if asked
/// to. It has the functions of TestClient; step() drives the handshake, and so do read() and send().
class TlsClient
{
public:
    explicit TlsClient(std::uint16_t port, const TlsClientOptions& options = {})
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
          ctx_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free)
    {
        SSL_CTX_set_security_level(ctx_.get(), 0);
        SSL_CTX_set_min_proto_version(ctx_.get(), options.minVersion != 0
                                                      ? options.minVersion
                                                      : std::min(options.maxVersion, TLS1_2_VERSION));
        SSL_CTX_set_max_proto_version(ctx_.get(), options.maxVersion);
        SSL_CTX_set_session_cache_mode(ctx_.get(), SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
        SSL_CTX_sess_set_new_cb(ctx_.get(), [](SSL* ssl, SSL_SESSION* session) {
            auto& kept = *static_cast<std::shared_ptr<SSL_SESSION>*>(SSL_get_app_data(ssl));
            kept.reset(session, &SSL_SESSION_free);
            return 1;
        });
        ssl_.reset(SSL_new(ctx_.get()));
        SSL_set_app_data(ssl_.get(), session_.get());
        SSL_set_bio(ssl_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        BIO_set_mem_eof_return(SSL_get_rbio(ssl_.get()), -1);
        if (!options.name.empty())
            SSL_set_tlsext_host_name(ssl_.get(), options.name.c_str());
        if (!options.alpn.empty())
            SSL_set_alpn_protos(ssl_.get(), reinterpret_cast<const unsigned char*>(options.alpn.data()),
                                static_cast<unsigned>(options.alpn.size()));
        if (options.resume) { // a copy: OpenSSL uses a ticket of TLS 1.3 only once
            const std::unique_ptr<SSL_SESSION, decltype(&SSL_SESSION_free)> copy(
                SSL_SESSION_dup(options.resume.get()), &SSL_SESSION_free);
            SSL_set_session(ssl_.get(), copy.get());
        }
        SSL_set_connect_state(ssl_.get());
        if (options.receiveBuffer > 0)
            ::setsockopt(fd_.get(), SOL_SOCKET, SO_RCVBUF, &options.receiveBuffer,
                         sizeof options.receiveBuffer);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        address.sin_port = htons(port);
        EXPECT_EQ(::connect(fd_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
    }

    /// Does what can be done now; true when the handshake is complete.
    bool step()
    {
        fill();
        if (!established() && !failed_) {
            ERR_clear_error();
            const int result = SSL_do_handshake(ssl_.get());
            if (result != 1) {
                const int error = SSL_get_error(ssl_.get(), result);
                failed_ = error != SSL_ERROR_WANT_READ && error != SSL_ERROR_WANT_WRITE;
                if (failed_)
                    reason = ERR_GET_REASON(ERR_peek_error());
            }
        }
        flush();
        return established();
    }
    /// Encrypts and sends; before the handshake is complete it waits for it.
    void send(std::string_view bytes)
    {
        unsent_ += bytes;
        if (!step())
            return;
        std::size_t written = 0;
        while (!unsent_.empty() && SSL_write_ex(ssl_.get(), unsent_.data(), unsent_.size(), &written) == 1)
            unsent_.erase(0, written);
        flush();
    }
    /// Bytes before TLS: the head of a proxy.
    void sendRaw(std::string_view bytes)
    {
        (void)::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    }
    /// Takes what is there now, at most `most` bytes of plain text; how many it was.
    std::size_t read(std::size_t most = ~std::size_t{0})
    {
        if (step() && !unsent_.empty())
            send({});
        std::size_t total = 0;
        while (total < most) {
            char buffer[16 * 1024];
            std::size_t bytes = 0;
            ERR_clear_error();
            if (SSL_read_ex(ssl_.get(), buffer, std::min(sizeof buffer, most - total), &bytes) == 1) {
                received.append(buffer, bytes);
                total += bytes;
            } else if (!fill()) {
                break;
            }
        }
        flush(); // answers to what was read: alerts, key updates
        return total;
    }
    /// The server has said that this was all (close_notify).
    [[nodiscard]] bool closedCleanly()
    {
        read();
        return (SSL_get_shutdown(ssl_.get()) & SSL_RECEIVED_SHUTDOWN) != 0;
    }
    /// The connection has ended, cleanly or not.
    [[nodiscard]] bool ended()
    {
        read();
        return ended_;
    }
    [[nodiscard]] bool reset() const { return reset_; }
    [[nodiscard]] bool has(std::string_view text)
    {
        read();
        return received.find(text) != std::string::npos;
    }
    /// Says that nothing more will come, as TLS says it, and closes that direction.
    void shutDown()
    {
        SSL_shutdown(ssl_.get());
        flush();
        ::shutdown(fd_.get(), SHUT_WR);
    }
    void closeNotify()
    {
        SSL_shutdown(ssl_.get());
        flush();
    }
    void close() { fd_.reset(); }

    [[nodiscard]] bool established() const { return SSL_is_init_finished(ssl_.get()) == 1; }
    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] SSL* ssl() const { return ssl_.get(); }
    [[nodiscard]] bool resumed() const { return SSL_session_reused(ssl_.get()) == 1; }
    /// The last ticket, to resume with.
    [[nodiscard]] std::shared_ptr<SSL_SESSION> session() const
    {
        if (SSL_version(ssl_.get()) == TLS1_3_VERSION)
            return *session_;
        return {SSL_get1_session(ssl_.get()), &SSL_SESSION_free};
    }
    [[nodiscard]] std::string alpn() const
    {
        const unsigned char* text = nullptr;
        unsigned length = 0;
        SSL_get0_alpn_selected(ssl_.get(), &text, &length);
        return length > 0 ? std::string(reinterpret_cast<const char*>(text), length) : std::string();
    }
    [[nodiscard]] std::string certificateName() const
    {
        std::unique_ptr<X509, decltype(&X509_free)> certificate(SSL_get1_peer_certificate(ssl_.get()),
                                                                &X509_free);
        char text[256] = {};
        if (certificate)
            X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, text,
                                      sizeof text);
        return text;
    }
    /// How many bytes go out of one flush(), with a pause for the test to poll in between; 0: all.
    std::size_t mostAtOnce = 0;
    /// Records of application data that came, as the wire shows them (TLS 1.3 hides alerts and tickets among
    /// them).
    std::size_t dataRecords = 0;
    int reason = 0; ///< OpenSSL's, of a failed handshake
    std::string received;

    /// Sends what OpenSSL wants sent, at most mostAtOnce of it.
    void flush()
    {
        char* data = nullptr;
        BIO* const out = SSL_get_wbio(ssl_.get());
        const long size = BIO_get_mem_data(out, &data);
        if (size <= 0)
            return;
        const auto wanted = mostAtOnce == 0 ? static_cast<std::size_t>(size)
                                            : std::min(mostAtOnce, static_cast<std::size_t>(size));
        const ssize_t n = ::send(fd_.get(), data, wanted, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        std::string taken(static_cast<std::size_t>(n), '\0');
        (void)BIO_read(out, taken.data(), static_cast<int>(n));
    }

private:
    /// Takes what is in the socket; false where there was nothing.
    bool fill()
    {
        char buffer[64 * 1024];
        const ssize_t n = ::recv(fd_.get(), buffer, sizeof buffer, MSG_DONTWAIT);
        if (n < 0 && (errno == EAGAIN || errno == EINTR))
            return false;
        if (n <= 0) {
            ended_ = true;
            reset_ = reset_ || n < 0;
            return false;
        }
        BIO_write(SSL_get_rbio(ssl_.get()), buffer, static_cast<int>(n));
        count({buffer, static_cast<std::size_t>(n)});
        return true;
    }
    void count(std::string_view bytes)
    {
        raw_ += bytes;
        while (raw_.size() >= 5) {
            const std::size_t length = 5U +
                                       (static_cast<std::size_t>(static_cast<unsigned char>(raw_[3])) << 8) +
                                       static_cast<unsigned char>(raw_[4]);
            if (raw_.size() < length)
                break;
            dataRecords += raw_[0] == 23 ? 1 : 0;
            raw_.erase(0, length);
        }
    }

    UniqueFd fd_;
    std::unique_ptr<std::shared_ptr<SSL_SESSION>> session_ = std::make_unique<std::shared_ptr<SSL_SESSION>>();
    std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> ctx_;
    struct Free
    {
        void operator()(SSL* ssl) const
        {
            SSL_set_shutdown(ssl,
                             SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN); // or its session is not resumable
            SSL_free(ssl);
        }
    };
    std::unique_ptr<SSL, Free> ssl_;
    std::string unsent_, raw_;
    bool ended_ = false, reset_ = false, failed_ = false;
};

} // namespace spillway::net
