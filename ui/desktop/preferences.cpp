// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/desktop/preferences.h"

namespace spillway::ui {

namespace {

constexpr auto kLanguage = "language";
constexpr auto kScheme = "scheme";
constexpr auto kClosing = "closing";
constexpr auto kAwake = "keep_awake";
constexpr auto kNotify = "notify";
constexpr auto kIntroduced = "introduced";
constexpr auto kRules = "link/rules";
constexpr auto kGeometry = "window/geometry";
constexpr auto kPage = "window/page";

} // namespace

Preferences::Preferences(const QString& file) : state_(file, QSettings::IniFormat) {}

QVariant Preferences::get(const char* key, const QVariant& otherwise) const
{
    return state_.value(QLatin1String(key), otherwise);
}

void Preferences::put(const char* key, const QVariant& value)
{
    if (get(key, {}) == value)
        return;
    state_.setValue(QLatin1String(key), value);
    Q_EMIT changed();
}

Theme::Choice Preferences::scheme() const
{
    return static_cast<Theme::Choice>(std::clamp(get(kScheme, 0).toInt(), 0, 2));
}

void Preferences::setScheme(Theme::Choice choice)
{
    put(kScheme, static_cast<int>(choice));
}

QString Preferences::language() const
{
    return get(kLanguage, {}).toString();
}

void Preferences::setLanguage(const QString& language)
{
    put(kLanguage, language);
}

Preferences::Closing Preferences::closing() const
{
    return static_cast<Closing>(std::clamp(get(kClosing, 0).toInt(), 0, 2));
}

void Preferences::setClosing(Closing closing)
{
    put(kClosing, static_cast<int>(closing));
}

bool Preferences::keepsAwake() const
{
    return get(kAwake, true).toBool();
}

void Preferences::setKeepsAwake(bool on)
{
    put(kAwake, on);
}

bool Preferences::notifies() const
{
    return get(kNotify, true).toBool();
}

void Preferences::setNotifies(bool on)
{
    put(kNotify, on);
}

bool Preferences::introduced() const
{
    return get(kIntroduced, false).toBool();
}

void Preferences::setIntroduced()
{
    put(kIntroduced, true);
}

QByteArray Preferences::linkRules() const
{
    return get(kRules, {}).toByteArray();
}

void Preferences::setLinkRules(const QByteArray& rules)
{
    put(kRules, rules);
}

QByteArray Preferences::geometry() const
{
    return get(kGeometry, {}).toByteArray();
}

int Preferences::page(int otherwise) const
{
    return get(kPage, otherwise).toInt();
}

void Preferences::setWindow(const QByteArray& geometry, int page)
{
    state_.setValue(QLatin1String(kGeometry), geometry);
    state_.setValue(QLatin1String(kPage), page);
}

} // namespace spillway::ui
