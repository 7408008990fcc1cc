// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "server/contract/history.h"

#include <QtCore/QByteArray>

// What was downloaded most in the last minute, hour or day.
namespace spillway::contract {

/// Bytes that were sent, and downloads: answers that began at the first byte. A resumed or a parallel part
/// adds bytes alone. Exact for what people download; among thousands of names or small answers a second both
/// are estimates, near enough to tell who is first.
struct TopUse
{
    std::int64_t bytes = 0;
    std::int64_t downloads = 0;
    friend bool operator==(const TopUse&, const TopUse&) = default;
};

struct TopLink
{
    QString id;
    QString share;   ///< empty, like the next: it is not in the catalog any more
    QByteArray path; ///< below the share; empty: the share itself
    QString note;
    TopUse use;
    friend bool operator==(const TopLink&, const TopLink&) = default;
};

struct TopClient
{
    QString address;
    TopUse use;
    friend bool operator==(const TopClient&, const TopClient&) = default;
};

struct TopFile
{
    QString share;
    QByteArray path;      ///< below the share; empty: the share itself
    bool archive = false; ///< a folder, as one archive
    TopUse use;
    friend bool operator==(const TopFile&, const TopFile&) = default;
};

/// Most bytes first.
struct TopPage
{
    HistorySpan span = HistorySpan::Hour;
    std::vector<TopLink> links;
    std::vector<TopClient> clients;
    std::vector<TopFile> files;
};

struct GetTop
{
    static constexpr const char* operation = "top.get";
    using Answer = TopPage;
    HistorySpan span = HistorySpan::Hour;
    int limit = 5; ///< rows of each list, 1 to 50
};

} // namespace spillway::contract
