// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/engine/certificates.h"

#include <algorithm>
#include <sys/stat.h>

namespace spillway::engine {

namespace {

constexpr std::int64_t kWarnSeconds = 14 * 86'400;

std::vector<std::string> listOf(std::string_view text)
{
    std::vector<std::string> items;
    while (!text.empty()) {
        const auto comma = text.find(',');
        std::string_view item = text.substr(0, comma);
        item.remove_prefix(std::min(item.size(), item.find_first_not_of(' ')));
        item = item.substr(0, item.find_last_not_of(' ') + 1);
        if (!item.empty())
            items.emplace_back(item);
        if (comma == std::string_view::npos)
            break;
        text.remove_prefix(comma + 1);
    }
    return items;
}

} // namespace

Result<std::vector<net::CertificateFiles>> certificateFiles(const config::Settings& settings,
                                                            const std::string& dataFolder)
{
    auto certificates = listOf(settings.get<"tls.certificate">());
    auto keys = listOf(settings.get<"tls.key">());
    if (certificates.empty() && keys.empty())
        return std::vector<net::CertificateFiles>{
            {dataFolder + "/tls/certificate.pem", dataFolder + "/tls/key.pem"}};
    if (certificates.size() != keys.size())
        return fail(ErrorCode::InvalidArgument,
                    "tls.certificate names " + std::to_string(certificates.size()) + " files and tls.key " +
                        std::to_string(keys.size()) + ": each certificate needs its key, in the same order");
    std::vector<net::CertificateFiles> files;
    for (std::size_t i = 0; i < keys.size(); ++i)
        files.push_back({std::move(certificates[i]), std::move(keys[i])});
    return files;
}

Certificates::Certificates(std::string dataFolder, const Clock& clock, observe::Log& log)
    : dataFolder_(std::move(dataFolder)), clock_(clock), log_(log),
      tickets_(std::make_shared<net::TicketKeys>(clock))
{
}

Result<void> Certificates::load(const config::Settings& settings)
{
    auto files = certificateFiles(settings, dataFolder_);
    if (!files)
        return fail(files.error());
    return load(std::move(*files), settings.get<"tls.min_version">() == "1.3");
}

Result<void> Certificates::load(std::vector<net::CertificateFiles> files, bool only13)
{
    const net::TlsContext::Options before = std::exchange(options_, {std::move(files), only13});
    auto loaded = read();
    if (!loaded && context_)
        options_ = before; // what is watched are the files in force
    return loaded;
}

Result<void> Certificates::read()
{
    read_ = seen_ = stamps(); // before: what changes while it is read is looked at again
    auto made = net::TlsContext::load(options_, tickets_, clock_);
    if (!made)
        return fail(made.error());
    context_ = std::move(*made);
    std::int64_t first = context_->certificates().front().notAfter;
    for (const net::CertificateFacts& facts : context_->certificates())
        first = std::min(first, facts.notAfter);
    endsAt_.store(first, std::memory_order_relaxed);
    say();
    return {};
}

bool Certificates::look()
{
    auto now = stamps();
    const bool rests = now == seen_;
    seen_ = std::move(now);
    if (!rests || seen_ == read_)
        return false;
    const auto loaded = read();
    if (!loaded)
        log_.error("the changed certificates cannot be used; the old ones stay",
                   {{"reason", loaded.error().message}});
    return loaded.has_value();
}

std::vector<Certificates::Stamp> Certificates::stamps() const
{
    std::vector<Stamp> all;
    for (const net::CertificateFiles& files : options_.certificates)
        for (const std::string* name : {&files.certificate, &files.key}) {
            struct stat info = {};
            Stamp stamp;
            if (::stat(name->c_str(), &info) == 0)
                stamp = {info.st_mtim.tv_sec, info.st_mtim.tv_nsec, info.st_ino,
                         static_cast<std::uint64_t>(info.st_size)};
            all.push_back(stamp);
        }
    return all;
}

void Certificates::say() const
{
    for (const net::CertificateFacts& facts : context_->certificates()) {
        const std::int64_t days = (facts.notAfter - unixSeconds(clock_.wall())) / 86'400;
        log_.info("a certificate is in force",
                  {{"file", facts.file}, {"sha256", facts.fingerprint}, {"days_left", std::to_string(days)}});
        if (facts.notAfter - unixSeconds(clock_.wall()) < kWarnSeconds)
            log_.warning("a certificate ends soon",
                         {{"file", facts.file}, {"days_left", std::to_string(days)}});
    }
}

} // namespace spillway::engine
