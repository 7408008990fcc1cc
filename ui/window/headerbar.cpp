// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/window/headerbar.h"

#include "ui/models/format.h"
#include "ui/style/icons.h"
#include "ui/widgets/parts.h"

#include <QtCore/QSysInfo>
#include <QtWidgets/QBoxLayout>

namespace spillway::ui {

QString modeText(const QString& mode)
{
    if (mode == QLatin1String("normal"))
        return HeaderBar::tr("Normal");
    if (mode == QLatin1String("saving"))
        return HeaderBar::tr("Saving");
    if (mode == QLatin1String("catalog-down"))
        return HeaderBar::tr("Catalog down");
    if (mode == QLatin1String("read-only"))
        return HeaderBar::tr("Read-only");
    if (mode == QLatin1String("paused"))
        return HeaderBar::tr("Paused");
    if (mode == QLatin1String("draining"))
        return HeaderBar::tr("Ending");
    return mode;
}

HeaderBar::HeaderBar(Session& session, Theme& theme) : session_(session), theme_(theme)
{
    setProperty("role", QLatin1String("side"));
    setAttribute(Qt::WA_StyledBackground);
    setFixedHeight(theme.metrics().header);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(theme.metrics().margin - 8, 0, theme.metrics().margin, 0);
    row->setSpacing(16);
    host_ = label(QSysInfo::machineHostName(), "strong");
    host_->setContentsMargins(8, 0, 0, 0);
    address_ = flatButton({}, "copy", theme);
    address_->setLayoutDirection(Qt::RightToLeft); // the icon behind the text
    address_->setToolTip(tr("Copy the server's address"));
    address_->setObjectName(QStringLiteral("address"));
    mode_ = label({});
    mode_->setTextFormat(Qt::RichText);
    rate_ = label({}, "strong");
    rate_->setToolTip(tr("What is sent now"));
    rate_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
    rate_->setMinimumWidth(rate_->fontMetrics().horizontalAdvance(QStringLiteral("↑ 888.8 MB/s")) + 8);
    downloads_ = label({}, "secondary");
    row->addWidget(host_);
    row->addWidget(address_);
    row->addStretch(1);
    row->addWidget(mode_);
    row->addWidget(downloads_);
    row->addWidget(rate_);
    connect(address_, &QPushButton::clicked, this,
            [this] { session_.copyText(url_, tr("The server's address is in the clipboard")); });
    connect(&session, &Session::statusChanged, this, [this] { showStatus(); });
    connect(&session, &Session::snapshotCame, this, [this] { showLive(); });
    connect(&theme, &Theme::changed, this, [this] { showLive(); });
    showStatus();
    showLive();
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
    const bool normal = live.mode == QLatin1String("normal");
    mode_->setText(QStringLiteral("<span style='color:%1'>●</span>&nbsp; %2")
                       .arg((normal ? p.good : p.warning).name(), modeText(live.mode).toHtmlEscaped()));
    mode_->setVisible(!live.mode.isEmpty());
    mode_->setToolTip(live.modeReason.toHtmlEscaped());
    const auto running = static_cast<std::int64_t>(live.running.transfers.size()) + live.running.omitted;
    downloads_->setText(tr("%n download(s)", nullptr, static_cast<int>(running)));
    rate_->setText(QStringLiteral("↑ ") + formatRate(live.sentRate));
}

} // namespace spillway::ui
