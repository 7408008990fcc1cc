// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/nodespage.h"

#include "ui/models/format.h"
#include "ui/widgets/moderow.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/switch.h"

#include <QtCore/QDateTime>
#include <QtCore/QSysInfo>
#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QScrollArea>

namespace spillway::ui {

namespace {

/// In the order in which people need them.
constexpr std::array kModes{"paused", "saving", "read-only", "catalog-down"};
constexpr std::array kLoads{"cpu", "memory", "descriptors"};

} // namespace

NodesPage::NodesPage(Session& session, Theme& theme) : Page(tr("Nodes & modes"), session, theme)
{
    const int margin = theme.metrics().margin;
    auto* inner = new QWidget;
    auto* column = new QVBoxLayout(inner);
    column->setContentsMargins(margin, 0, margin, margin);
    column->setSpacing(0);
    column->addWidget(buildNode());
    column->addSpacing(margin);
    column->addWidget(label(tr("Modes"), "strong"));
    column->addSpacing(4);
    QLabel* about = label(tr("A mode turns some things off so that the rest goes on. The server sets most by "
                             "itself; you can set them by hand."),
                          "secondary");
    about->setWordWrap(true);
    column->addWidget(about);
    column->addSpacing(8);
    for (const char* mode : kModes) {
        rows_.push_back(new ModeRow(QLatin1String(mode), session.modes(), theme));
        column->addWidget(rows_.back());
        column->addWidget(line());
    }
    column->addStretch(1);
    content().addWidget(scrolling(inner));
    connect(&session, &Session::statusChanged, this, [this] { showNode(); });
    connect(&session, &Session::snapshotCame, this, [this] { showNode(); });
    connect(&session.modes(), &Modes::changed, this, [this] { showModes(); });
    showNode();
    showModes();
}

NodesPage::~NodesPage()
{
    if (following_) // the modes outlive the page
        session().modes().follow(false);
}

QWidget* NodesPage::buildNode()
{
    auto* card = new QFrame;
    card->setProperty("role", QLatin1String("card"));
    auto* row = new QHBoxLayout(card);
    row->setContentsMargins(16, 16, 16, 16);
    row->setSpacing(32);
    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    name_ = label(QSysInfo::machineHostName(), "strong");
    state_ = label({}, "small");
    head->addWidget(name_);
    head->addWidget(state_, 1);
    words->addLayout(head);
    address_ = label({}, "secondary");
    address_->setTextInteractionFlags(Qt::TextSelectableByMouse);
    address_->setWordWrap(true);
    words->addWidget(address_);
    facts_ = label({}, "secondary");
    facts_->setWordWrap(true);
    words->addWidget(facts_);
    words->addStretch();
    row->addLayout(words, 3);
    auto* loads = new QVBoxLayout;
    loads->setSpacing(4);
    for (Load& load : loads_) {
        load = {label({}, "small"), new GaugeBar(theme())};
        loads->addWidget(load.text);
        loads->addWidget(load.bar);
    }
    loads->addStretch();
    row->addLayout(loads, 2);
    return card;
}

void NodesPage::showEvent(QShowEvent* event)
{
    Page::showEvent(event);
    if (!std::exchange(following_, true))
        session().modes().follow(true);
    showNode();
}

void NodesPage::hideEvent(QHideEvent* event)
{
    Page::hideEvent(event);
    if (std::exchange(following_, false))
        session().modes().follow(false);
}

void NodesPage::showNode()
{
    if (!isVisible())
        return;
    const contract::ServerStatus& status = session().status();
    const contract::LiveSnapshot& live = session().live();
    state_->setText(status.ready ? tr("ready") : tr("not ready: %1").arg(modeText(status.mode)));
    QStringList addresses = status.addresses;
    if (!status.publicUrl.isEmpty() && !addresses.contains(status.publicUrl))
        addresses.prepend(status.publicUrl);
    address_->setText(addresses.join(QStringLiteral("   ")));
    QStringList facts;
    if (!status.version.isEmpty())
        facts += tr("Version %1").arg(status.version);
    if (status.startedAt > 0)
        facts += tr("up for %1")
                     .arg(formatSpan(
                         std::max<std::int64_t>(0, QDateTime::currentSecsSinceEpoch() - status.startedAt)));
    if (status.workers > 0)
        facts += tr("%n worker thread(s)", nullptr, static_cast<int>(status.workers));
    facts += tr("%n connection(s)", nullptr, static_cast<int>(live.connections));
    facts += tr("%1 sent").arg(formatSize(live.sentBytes));
    facts_->setText(facts.join(QStringLiteral("  ·  ")));
}

void NodesPage::showModes()
{
    for (std::size_t i = 0; i < rows_.size(); ++i)
        if (const contract::ModeState* mode = session().modes().find(QLatin1String(kModes[i])))
            rows_[i]->show(*mode);
    // The node's load is what the rule of `saving` looks at; without the rule nobody measures it.
    const contract::ModeState* saving = session().modes().find(QStringLiteral("saving"));
    for (std::size_t i = 0; i < loads_.size(); ++i) {
        const contract::ModeGauge* shown = nullptr;
        if (saving)
            for (const contract::ModeGauge& gauge : saving->gauges)
                if (gauge.name == QLatin1String(kLoads[i]))
                    shown = &gauge;
        loads_[i].text->setVisible(shown);
        loads_[i].bar->setVisible(shown);
        if (!shown)
            continue;
        contract::ModeGauge whole = *shown;
        whole.limit = 100;
        loads_[i].text->setText(gaugeText(whole));
        loads_[i].bar->setFraction(whole.value / 100);
    }
}

} // namespace spillway::ui
