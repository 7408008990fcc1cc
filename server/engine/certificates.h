// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/config/settings.h"
#include "server/net/tlscontext.h"
#include "server/observe/log.h"

#include <atomic>
#include <memory>
#include <string>
#include <vector>

namespace spillway::engine {

/// The files that tls.certificate and tls.key name; without them tls/certificate.pem and tls/key.pem of the
/// data folder. InvalidArgument where there are not as many keys as certificates.
[[nodiscard]] Result<std::vector<net::CertificateFiles>> certificateFiles(const config::Settings& settings,
                                                                          const std::string& dataFolder);

/// The certificates in force and the ticket keys that outlive them. Reads them when told, and again when the
/// files have changed; where new ones are not usable the old ones stay, and the log says why, once for each
/// change.
///
/// Main thread only; it blocks on the disk. Who serves gets context() handed on.
class Certificates
{
public:
    Certificates(std::string dataFolder, const Clock& clock, observe::Log& log);

    /// At the start and at a reload. On an error the old ones stay.
    [[nodiscard]] Result<void> load(const config::Settings& settings);
    /// The same with these files.
    [[nodiscard]] Result<void> load(std::vector<net::CertificateFiles> files, bool only13);
    /// Every second: true where there are new ones. Files are taken when they have been the same twice,
    /// because ACME clients write certificate and key one after the other.
    [[nodiscard]] bool look();

    /// Null before the first load().
    [[nodiscard]] const std::shared_ptr<const net::TlsContext>& context() const { return context_; }
    /// When the first of them ends, Unix time. Any thread.
    [[nodiscard]] std::int64_t endsAt() const { return endsAt_.load(std::memory_order_relaxed); }

private:
    struct Stamp
    {
        std::int64_t seconds = -1, nanoseconds = 0;
        std::uint64_t inode = 0, size = 0;
        friend bool operator==(const Stamp&, const Stamp&) = default;
    };
    [[nodiscard]] std::vector<Stamp> stamps() const;
    [[nodiscard]] Result<void> read();
    void say() const;

    const std::string dataFolder_;
    const Clock& clock_;
    observe::Log& log_;
    std::shared_ptr<net::TicketKeys> tickets_;
    net::TlsContext::Options options_;
    std::shared_ptr<const net::TlsContext> context_;
    std::atomic<std::int64_t> endsAt_{0};
    std::vector<Stamp> read_, seen_; ///< of the files as they were read, and as they were at the last look
};

} // namespace spillway::engine
