// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/download/previewbots.h"

#include <algorithm>
#include <functional>

namespace spillway::download {

namespace {

// Tokens in lower case that only the fetchers of previews send. The browsers built into the same programs
// have others ("Snapchat/", "Line/", "[LinkedInApp]"), and people use those to download. WhatsApp's and
// Signal's previews come from the sender's own device.
constexpr std::array<std::string_view, 30> kTokens{
    "facebookexternalhit", // Facebook, Messenger, Instagram, iMessage
    "facebot",
    "meta-externalfetcher",
    "whatsapp/", // WhatsApp, Signal
    "telegrambot",
    "twitterbot",
    "slackbot",
    "slack-imgproxy",
    "discordbot",
    "skypeuripreview", // Skype, Teams
    "linkedinbot",
    "redditbot",
    "pinterestbot",
    "mattermost-bot",
    "zulipurlpreview",
    "synapse (bot", // Matrix
    "(mastodon/",
    "misskey/",
    "summalybot",
    "pleroma",
    "cardyb", // Bluesky
    "kakaotalk-scrap",
    "line-poker",
    "vkshare",
    "snap url preview",
    "flipboardproxy",
    "iframely",
    "embedly",
    "bitlybot",
    "bingpreview",
};

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

} // namespace

bool isPreviewBot(std::string_view userAgent)
{
    return std::any_of(kTokens.begin(), kTokens.end(), [userAgent](std::string_view token) {
        return std::search(userAgent.begin(), userAgent.end(), token.begin(), token.end(),
                           [](char a, char b) { return lower(a) == b; }) != userAgent.end();
    });
}

bool PreviewBots::is(std::string_view userAgent)
{
    if (userAgent.empty())
        return false;
    const std::uint64_t hash = std::hash<std::string_view>()(userAgent);
    Known& known = known_[hash % known_.size()];
    if (known.hash != hash)
        known = {hash, isPreviewBot(userAgent)};
    return known.isBot;
}

} // namespace spillway::download
