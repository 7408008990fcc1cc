// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/base/result.h"
#include "server/net/certificatefile.h"
#include "server/net/ticketkeys.h"

#include <memory>
#include <openssl/ossl_typ.h>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace spillway::net {

/// Two PEM files: a certificate with its chain, and its private key.
struct CertificateFiles
{
    std::string certificate, key;
    friend bool operator==(const CertificateFiles&, const CertificateFiles&) = default;
};

/// The certificates of the process with everything that OpenSSL needs to serve them: TLS 1.2 and 1.3, ALPN
/// "http/1.1", suites with forward secrecy and AEAD only, no renegotiation, no compression, session tickets
/// but no session cache. An immutable snapshot: a reload makes another one; connections hold the one they
/// began with.
///
/// The name a client asks for (SNI) chooses the certificate: a name itself before a wildcard, which stands
/// for one label (RFC 6125 §6.4.3); without a name or with an unknown one the first is shown. Any thread.
class TlsContext
{
public:
    struct Options
    {
        std::vector<CertificateFiles> certificates; ///< at least one
        bool only13 = false;
        bool kernelTls = true; ///< where kernel and OpenSSL have it
    };

    /// NotFound, PermissionDenied (unreadable, or a key that everybody may read), Expired (or not valid yet),
    /// Conflict (the key is not the certificate's), Corrupt. The message names the file and what to do.
    /// Blocks on the disk.
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>>
    load(const Options& options, std::shared_ptr<TicketKeys> tickets, const Clock& clock);
    ~TlsContext();
    TlsContext(const TlsContext&) = delete;
    TlsContext& operator=(const TlsContext&) = delete;

    /// A server's connection in its first state. Null where memory is out.
    [[nodiscard]] SSL* newConnection() const;
    [[nodiscard]] bool kernelTls() const noexcept { return kernelTls_; }
    [[nodiscard]] std::span<const CertificateFacts> certificates() const noexcept { return facts_; }

    /// Which of the certificates a client that asks for `name` is shown.
    [[nodiscard]] std::size_t choose(std::string_view name) const;

private:
    TlsContext() = default;
    [[nodiscard]] Result<void> add(const CertificateFiles& files, const Options& options, const Clock& clock);

    struct FreeContext
    {
        void operator()(SSL_CTX* context) const noexcept;
    };
    friend struct TlsCallbacks;
    std::vector<std::unique_ptr<SSL_CTX, FreeContext>> contexts_;
    std::vector<CertificateFacts> facts_; ///< of the contexts, in the same order
    std::shared_ptr<TicketKeys> tickets_;
    bool kernelTls_ = false;
};

/// Whether the kernel can encrypt what is sent (the module "tls" is there) and OpenSSL was built to let it.
[[nodiscard]] bool kernelTlsAvailable();

} // namespace spillway::net
