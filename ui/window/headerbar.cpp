// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/headerbar.h"

#include "ui/models/format.h"
#include "ui/style/icons.h"
#include "ui/widgets/parts.h"

#include <QtCore/QSysInfo>
#include <QtGui/QPainter>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QMenu>

namespace spillway::ui {

namespace {

constexpr int kDot = 8;
constexpr int kDotRoom = 14; ///< with the space between it and the word

/// A filled circle, in the colour of a state.
QIcon dot(const QColor& color, double ratio)
{
    QPixmap picture(QSize(kDotRoom, kDot) * ratio);
    picture.setDevicePixelRatio(ratio);
    picture.fill(Qt::transparent);
    QPainter painter(&picture);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    painter.drawEllipse(0, 0, kDot, kDot);
    return picture;
}

} // namespace

HeaderBar::HeaderBar(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    setProperty("role", QLatin1String("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(theme.metrics().header);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.metrics().margin - 8, 0, theme.metrics().margin, 0);
    row->setSpacing(16);
    server_ = flatButton(QSysInfo::machineHostName(), "chevron-down", theme);
    server_->setLayoutDirection(Qt::RightToLeft); // the icon behind the text
    server_->setToolTip(tr("The server that this window shows"));
    server_->setObjectName(QStringLiteral("server"));
    QFont strong = server_->font();
    strong.setWeight(QFont::DemiBold);
    server_->setFont(strong);
    address_ = flatButton({}, "copy", theme);
    address_->setLayoutDirection(Qt::RightToLeft); // the icon behind the text
    address_->setToolTip(tr("Copy the server's address"));
    address_->setObjectName(QStringLiteral("address"));
    mode_ = flatButton({}, nullptr, theme);
    mode_->setObjectName(QStringLiteral("mode"));
    mode_->setIconSize(QSize(kDotRoom, kDot));
    modeMenu_ = new QMenu(this);
    modeMenu_->setToolTipsVisible(true);
    mode_->setMenu(modeMenu_);
    rate_ = label({}, "strong");
    rate_->setToolTip(tr("What is sent now"));
    rate_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    rate_->setMinimumWidth(rate_->fontMetrics().horizontalAdvance(QStringLiteral("↑ 888.8 MB/s")) + 8);
    downloads_ = label({}, "secondary");
    row->addWidget(server_);
    row->addWidget(address_);
    row->addStretch(1);
    row->addWidget(mode_);
    row->addWidget(downloads_);
    row->addWidget(rate_);
    connect(address_, &QPushButton::clicked, this,
            [this] { session_.copyText(url_, tr("The server's address is in the clipboard")); });
    connect(modeMenu_, &QMenu::aboutToShow, this, [this] { fillModeMenu(); });
    connect(&session.modes(), &Modes::changed, this, [this] { showLive(); });
    connect(&session, &Session::statusChanged, this, [this] { showStatus(); });
    connect(&session, &Session::snapshotCame, this, [this] { showLive(); });
    connect(&theme, &Theme::changed, this, [this] { showLive(); });
    showStatus();
    showLive();
}

void HeaderBar::setServer(const QString& name, QMenu* menu)
{
    server_->setText(name.isEmpty() ? QSysInfo::machineHostName() : name);
    server_->setMenu(menu);
    server_->setAttribute(Qt::WA_TransparentForMouseEvents, menu == nullptr);
    server_->setFocusPolicy(menu ? Qt::StrongFocus : Qt::NoFocus);
}

void HeaderBar::showStatus()
{
    url_ = session_.status().publicUrl;
    address_->setText(url_);
    address_->setVisible(!url_.isEmpty());
}

void HeaderBar::showLive()
{
    const contract::LiveSnapshot& live = session_.live();
    const Palette& p = theme_.palette();
    const QColor color = live.mode == QLatin1String("normal") ? p.good : p.warning;
    const QString shown = live.mode + color.name();
    if (shown != shownMode_) {
        shownMode_ = shown;
        mode_->setText(modeText(live.mode));
        mode_->setIcon(dot(color, devicePixelRatioF()));
        mode_->setAccessibleName(tr("Mode: %1").arg(modeText(live.mode)));
        mode_->setVisible(!live.mode.isEmpty());
    }
    const QString why = live.modeReason.isEmpty() ? modeSentence(live.mode) : live.modeReason;
    mode_->setToolTip(why.toHtmlEscaped());
    const auto running = static_cast<std::int64_t>(live.running.transfers.size()) + live.running.omitted;
    downloads_->setText(tr("%n download(s)", nullptr, static_cast<int>(running)));
    rate_->setText(QStringLiteral("↑ ") + formatRate(live.sentRate));
}

/// Normal and the modes that can be set; what is active is checked. A second click on one takes it back.
void HeaderBar::fillModeMenu()
{
    modeMenu_->clear();
    Modes& modes = session_.modes();
    const auto add = [this, &modes](const QString& mode, bool checked, const QString& setting) {
        QAction* action = modeMenu_->addAction(modeText(mode));
        action->setObjectName(QLatin1String("mode:") + mode);
        action->setToolTip(modeSentence(mode));
        action->setCheckable(true);
        action->setChecked(checked);
        connect(action, &QAction::triggered, &modes, [&modes, mode, setting] { modes.set(mode, setting); });
    };
    bool any = false;
    for (const contract::ModeState& mode : modes.all())
        any = any || mode.active;
    add(QStringLiteral("normal"), !any, QStringLiteral("on"));
    modeMenu_->addSeparator();
    for (const char* name : {"paused", "saving", "read-only", "catalog-down"})
        if (const contract::ModeState* mode = modes.find(QLatin1String(name))) {
            const bool takeBack = mode->byHand == QLatin1String("on");
            add(mode->name, mode->active, takeBack ? QStringLiteral("off") : QStringLiteral("on"));
        }
    modeMenu_->addSeparator();
    modeMenu_->addAction(tr("What they turn off…"), this, &HeaderBar::modesWanted);
}

} // namespace spillway::ui
