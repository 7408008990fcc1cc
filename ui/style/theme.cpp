// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/style/theme.h"

#include <QtCore/QPointer>
#include <QtDBus/QDBusConnection>
#include <QtDBus/QDBusMessage>
#include <QtDBus/QDBusPendingCallWatcher>
#include <QtDBus/QDBusPendingReply>
#include <QtDBus/QDBusVariant>
#include <QtGui/QFontInfo>
#include <QtGui/QFontMetrics>
#include <QtGui/QPalette>
#include <QtGui/QStyleHints>
#include <QtWidgets/QApplication>
#include <QtWidgets/QStyleFactory>
#include <algorithm>

namespace spillway::ui {

namespace {

constexpr auto kPortal = "org.freedesktop.portal.Desktop";
constexpr auto kPortalPath = "/org/freedesktop/portal/desktop";
constexpr auto kPortalSettings = "org.freedesktop.portal.Settings";
constexpr auto kAppearance = "org.freedesktop.appearance";
constexpr auto kScheme = "color-scheme"; ///< 1: dark is preferred

Metrics metricsFor(const QFont& font)
{
    Metrics metrics;
    // 13 px is the measure; a larger font of the desktop scales what holds text.
    const int pixels = std::clamp(QFontInfo(font).pixelSize(), 13, 24);
    const auto scaled = [pixels](int size) { return (size * pixels + 6) / 13; };
    metrics.text = pixels;
    metrics.secondary = scaled(11);
    metrics.title = scaled(20);
    metrics.tile = scaled(26);
    metrics.row = scaled(32);
    metrics.side = scaled(336);
    metrics.sidebar = scaled(176);
    metrics.header = scaled(48);
    return metrics;
}

} // namespace

Theme::Theme(QApplication& application) : application_(application), base_(application.font())
{
    metrics_ = metricsFor(base_);
    desktopIsDark_ = application.palette().color(QPalette::Window).lightness() < 128;
    application_.setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    const auto follow = [this] {
        const auto scheme = application_.styleHints()->colorScheme();
        if (scheme != Qt::ColorScheme::Unknown)
            desktopIsDark_ = scheme == Qt::ColorScheme::Dark;
        apply();
    };
    connect(application_.styleHints(), &QStyleHints::colorSchemeChanged, this, follow);
    follow();
#else
    apply();
    askPortal();
#endif
}

void Theme::askPortal()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(QLatin1String(kPortal), QLatin1String(kPortalPath), QLatin1String(kPortalSettings),
                QStringLiteral("SettingChanged"), this, SLOT(portalChanged(QString, QString, QDBusVariant)));
    auto message = QDBusMessage::createMethodCall(QLatin1String(kPortal), QLatin1String(kPortalPath),
                                                  QLatin1String(kPortalSettings), QStringLiteral("Read"));
    message << QLatin1String(kAppearance) << QLatin1String(kScheme);
    auto* call = new QDBusPendingCallWatcher(bus.asyncCall(message, 2000), this);
    connect(call, &QDBusPendingCallWatcher::finished, this, [this](QDBusPendingCallWatcher* done) {
        const QDBusPendingReply<QDBusVariant> reply = *done;
        done->deleteLater();
        if (reply.isError())
            return;
        // Read() wraps the value twice.
        const QVariant inner = reply.value().variant();
        const auto value = inner.canConvert<QDBusVariant>() ? inner.value<QDBusVariant>() : reply.value();
        portalChanged(QLatin1String(kAppearance), QLatin1String(kScheme), value);
    });
}

void Theme::portalChanged(const QString& group, const QString& key, const QDBusVariant& value)
{
    if (group != QLatin1String(kAppearance) || key != QLatin1String(kScheme))
        return;
    if (const uint preference = value.variant().toUInt(); preference == 1 || preference == 2) {
        desktopIsDark_ = preference == 1;
        apply();
    }
}

void Theme::choose(Choice choice)
{
    choice_ = choice;
    apply();
}

QFont Theme::font(int pixels, bool strong) const
{
    QFont font = base_;
    // Named, so that Chinese has its own forms and weights, not those of whatever font comes first.
    font.setFamilies(QStringList{base_.family()} + QStringList{QStringLiteral("Noto Sans CJK SC"),
                                                               QStringLiteral("Noto Sans SC"),
                                                               QStringLiteral("Source Han Sans SC"),
                                                               QStringLiteral("WenQuanYi Micro Hei")});
    font.setPixelSize(pixels);
    font.setWeight(strong ? QFont::DemiBold : QFont::Normal);
    return font;
}

void Theme::apply()
{
    const bool dark = choice_ == Choice::Dark || (choice_ == Choice::Desktop && desktopIsDark_);
    const Palette& wanted = dark ? darkPalette() : lightPalette();
    if (palette_ == &wanted)
        return;
    palette_ = &wanted;
    const Palette& p = wanted;
    QPalette colors;
    colors.setColor(QPalette::Window, p.window);
    colors.setColor(QPalette::WindowText, p.text);
    colors.setColor(QPalette::Base, p.window);
    colors.setColor(QPalette::AlternateBase, p.side);
    colors.setColor(QPalette::Text, p.text);
    colors.setColor(QPalette::PlaceholderText, p.textSecondary);
    colors.setColor(QPalette::Button, p.side);
    colors.setColor(QPalette::ButtonText, p.text);
    colors.setColor(QPalette::ToolTipBase, p.toast);
    colors.setColor(QPalette::ToolTipText, p.onToast);
    colors.setColor(QPalette::Highlight, p.accent);
    colors.setColor(QPalette::HighlightedText, p.onAccent);
    colors.setColor(QPalette::Link, p.accent);
    colors.setColor(QPalette::Mid, p.line);
    colors.setColor(QPalette::Dark, p.line);
    colors.setColor(QPalette::Light, p.side);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        colors.setColor(QPalette::Disabled, role, p.textSecondary);
    application_.setPalette(colors);
    application_.setFont(font(metrics_.text));
    application_.setStyleSheet(styleSheet(p, metrics_));
    Q_EMIT changed();
}

} // namespace spillway::ui
