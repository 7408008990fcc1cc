// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/config/credential.h"
#include "server/config/settingsloader.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>

using namespace spillway;
using namespace spillway::config;

namespace {

class Credentials : public testing::Test
{
protected:
    void SetUp() override
    {
        folder = testing::TempDir() + "credentials";
        std::filesystem::create_directories(folder);
        std::ofstream(folder + "/metrics.token") << "0123456789abcdef\n";
        ::setenv("CREDENTIALS_DIRECTORY", folder.c_str(), 1);
    }
    void TearDown() override
    {
        ::unsetenv("CREDENTIALS_DIRECTORY");
        std::filesystem::remove_all(folder);
    }

    static auto loaded(const std::string& toml)
    {
        SettingSources sources;
        sources.fileName = "spillway.toml";
        sources.fileText = toml;
        return load(sources);
    }

    std::string folder;
};

} // namespace

TEST_F(Credentials, APathIsThatOfTheFile)
{
    EXPECT_EQ(credentialPath("credential:tls.key").value(), folder + "/tls.key");
    EXPECT_EQ(credentialPath("/etc/key.pem").value(), "/etc/key.pem");
}

TEST_F(Credentials, ATextIsItsContentWithoutTheLineEnd)
{
    EXPECT_EQ(credentialText("credential:metrics.token").value(), "0123456789abcdef");
    EXPECT_EQ(credentialText("as it is").value(), "as it is");
    EXPECT_FALSE(credentialText("credential:absent"));
}

TEST_F(Credentials, ANameIsNoPath)
{
    for (const char* text : {"credential:", "credential:..", "credential:a/b", "credential:/etc/passwd"})
        EXPECT_FALSE(credentialPath(text)) << text;
}

TEST_F(Credentials, WithoutSystemdThereAreNone)
{
    ::unsetenv("CREDENTIALS_DIRECTORY");
    EXPECT_EQ(credentialPath("credential:tls.key").error().code, ErrorCode::InvalidArgument);
}

TEST_F(Credentials, SettingsNameThem)
{
    const auto settings = loaded("[tls]\ncertificate = \"credential:tls.certificate, /etc/b.pem\"\n"
                                 "[metrics]\ntoken = \"credential:metrics.token\"\n");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->get<"tls.certificate">(), folder + "/tls.certificate, /etc/b.pem");
    EXPECT_EQ(settings->get<"metrics.token">(), "0123456789abcdef");
}

TEST_F(Credentials, AMissingOneIsNamedWithItsLine)
{
    const auto settings = loaded("[metrics]\ntoken = \"credential:absent\"\n");
    ASSERT_FALSE(settings);
    ASSERT_EQ(settings.error().size(), 1U);
    EXPECT_NE(settings.error().front().text().find("spillway.toml:2"), std::string::npos);
}
