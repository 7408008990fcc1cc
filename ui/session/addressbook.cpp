// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/session/addressbook.h"

#include <algorithm>

namespace spillway::ui {

namespace {

const QString kArray = QStringLiteral("servers");
const QString kName = QStringLiteral("name");
const QString kUrl = QStringLiteral("url");
const QString kFingerprint = QStringLiteral("fingerprint");

} // namespace

AddressBook::AddressBook(const QString& file) : state_(file, QSettings::IniFormat)
{
    const int count = std::min(state_.beginReadArray(kArray), kMost);
    for (int i = 0; i < count; ++i) {
        state_.setArrayIndex(i);
        contract::ServerEntry entry{state_.value(kName).toString(), state_.value(kUrl).toString(),
                                    state_.value(kFingerprint).toString()};
        if (!entry.url.isEmpty())
            entries_.push_back(std::move(entry));
    }
    state_.endArray();
}

contract::ServerEntry AddressBook::find(const QString& url) const
{
    const auto found = std::find_if(entries_.begin(), entries_.end(),
                                    [&url](const contract::ServerEntry& one) { return one.url == url; });
    return found == entries_.end() ? contract::ServerEntry{{}, url, {}} : *found;
}

void AddressBook::keep(const contract::ServerEntry& entry)
{
    std::erase_if(entries_, [&entry](const contract::ServerEntry& one) { return one.url == entry.url; });
    entries_.insert(entries_.begin(), entry);
    if (entries_.size() > static_cast<std::size_t>(kMost))
        entries_.pop_back();
    write();
}

void AddressBook::forget(const QString& url)
{
    std::erase_if(entries_, [&url](const contract::ServerEntry& one) { return one.url == url; });
    write();
}

void AddressBook::write()
{
    state_.remove(kArray);
    state_.beginWriteArray(kArray, static_cast<int>(entries_.size()));
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        state_.setArrayIndex(static_cast<int>(i));
        state_.setValue(kName, entries_[i].name);
        state_.setValue(kUrl, entries_[i].url);
        state_.setValue(kFingerprint, entries_[i].fingerprint);
    }
    state_.endArray();
}

} // namespace spillway::ui
