// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/catalog/settingrepository.h"

namespace spillway::catalog {

Result<std::optional<std::string>> SettingRepository::get(Session& session, std::string_view name)
{
    Statement select = session.prepare("SELECT value FROM settings WHERE name = ?");
    select.bindText(name);
    auto found = select.next();
    if (!found)
        return fail(found.error());
    return *found ? std::optional(select.text(0)) : std::nullopt;
}

Result<void> SettingRepository::set(Session& session, std::string_view name, std::string_view value)
{
    if (name.empty())
        return fail(ErrorCode::InvalidArgument, "a setting has a name");
    Statement change = session.prepare("INSERT INTO settings (name, value) VALUES (?, ?) "
                                       "ON CONFLICT (name) DO UPDATE SET value = excluded.value");
    change.bindText(name).bindText(value);
    if (auto ran = change.run(); !ran)
        return fail(ran.error());
    session.changes().settings.emplace_back(name);
    return {};
}

Result<bool> SettingRepository::remove(Session& session, std::string_view name)
{
    Statement change = session.prepare("DELETE FROM settings WHERE name = ?");
    change.bindText(name);
    auto changed = change.run();
    if (!changed)
        return fail(changed.error());
    if (*changed > 0)
        session.changes().settings.emplace_back(name);
    return *changed > 0;
}

Result<std::vector<std::pair<std::string, std::string>>> SettingRepository::list(Session& session)
{
    Statement rows = session.prepare("SELECT name, value FROM settings ORDER BY name");
    std::vector<std::pair<std::string, std::string>> settings;
    for (;;) {
        auto more = rows.next();
        if (!more)
            return fail(more.error());
        if (!*more)
            return settings;
        settings.emplace_back(rows.text(0), rows.text(1));
    }
}

} // namespace spillway::catalog
