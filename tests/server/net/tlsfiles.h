// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/net/selfsigned.h"
#include "server/net/tlscontext.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/stat.h>

namespace spillway::net {

/// Certificates in a folder that goes with this object.
class TlsFiles
{
public:
    TlsFiles()
    {
        std::string pattern = (std::filesystem::temp_directory_path() / "spillway-tls-XXXXXX").string();
        path_ = ::mkdtemp(pattern.data());
    }
    ~TlsFiles()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TlsFiles(const TlsFiles&) = delete;
    TlsFiles& operator=(const TlsFiles&) = delete;

    [[nodiscard]] std::string file(const std::string& name) const { return path_ + "/" + name; }
    void write(const std::string& name, const std::string& text, mode_t mode = 0600) const
    {
        std::ofstream(file(name), std::ios::binary | std::ios::trunc) << text;
        ASSERT_EQ(::chmod(file(name).c_str(), mode), 0);
    }
    /// NAME.crt and NAME.key, made at `now`.
    [[nodiscard]] CertificateFiles make(const std::string& name, const std::vector<std::string>& names,
                                        std::int64_t now) const
    {
        const auto made = makeSelfSigned(names, {config::IpAddress::v4(127, 0, 0, 1)}, now);
        EXPECT_TRUE(made);
        write(name + ".crt", made->certificatePem);
        write(name + ".key", made->keyPem);
        return {file(name + ".crt"), file(name + ".key")};
    }

private:
    std::string path_;
};

} // namespace spillway::net
