// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/moderow.h"

#include "ui/models/format.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/switch.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QMenu>
#include <QtWidgets/QStyle>

namespace spillway::ui {

namespace {

void setRole(QLabel& label, const char* role)
{
    if (label.property("role").toString() == QLatin1String(role))
        return;
    label.setProperty("role", QLatin1String(role));
    label.style()->unpolish(&label);
    label.style()->polish(&label);
}

} // namespace

ModeRow::ModeRow(const QString& mode, Modes& modes, Theme& theme) : mode_(mode), modes_(modes), theme_(theme)
{
    setObjectName(QLatin1String("mode:") + mode);
    setProperty("role", QLatin1String("row"));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 16, 0, 16);
    row->setSpacing(16);
    switch_ = new Switch(modeText(mode), theme);
    row->addWidget(switch_, 0, Qt::AlignTop);

    auto* words = new QVBoxLayout;
    words->setSpacing(4);
    auto* head = new QHBoxLayout;
    head->setSpacing(12);
    head->addWidget(label(modeText(mode), "strong"));
    word_ = label({}, "small");
    head->addWidget(word_, 1);
    words->addLayout(head);
    QLabel* sentence = label(modeSentence(mode), "secondary");
    sentence->setWordWrap(true);
    words->addWidget(sentence);
    words->addStretch();
    row->addLayout(words, 3);

    right_ = new QVBoxLayout;
    right_->setSpacing(4);
    const QString rule = modeRule(mode);
    QLabel* why = label(rule.isEmpty() ? tr("Only by hand.") : rule, "small");
    why->setWordWrap(true);
    right_->addWidget(why);
    right_->addStretch();
    row->addLayout(right_, 2);
    more_ = iconButton("more", tr("What decides about %1").arg(modeText(mode)), theme);
    row->addWidget(more_, 0, Qt::AlignTop);
    if (rule.isEmpty()) {
        // Nothing to choose, but the place stays, so that the columns of all rows are in line.
        QSizePolicy keeps = more_->sizePolicy();
        keeps.setRetainSizeWhenHidden(true);
        more_->setSizePolicy(keeps);
        more_->hide();
    }
    connect(switch_, &QAbstractButton::clicked, this, [this](bool on) {
        // Where its rule wants it, off has to hold against the rule.
        const bool never = !on && state_.byRule;
        modes_.set(mode_, on      ? QStringLiteral("on")
                          : never ? QStringLiteral("never")
                                  : QStringLiteral("off"));
        switch_->setChecked(state_.active); // it moves when the server has done it
    });
    connect(more_, &QToolButton::clicked, this, [this] { openMenu(); });
}

void ModeRow::show(const contract::ModeState& mode)
{
    state_ = mode;
    switch_->setChecked(mode.active);
    QString word;
    const char* role = "small";
    if (mode.active && mode.byHand == QLatin1String("on"))
        word = tr("on, set by hand");
    else if (mode.active)
        word = tr("on by its rule: %1").arg(mode.reason);
    else if (mode.byHand == QLatin1String("never"))
        word = mode.byRule ? tr("held off, although its rule wants it") : tr("never by itself");
    if (mode.active && mode.since)
        word += QStringLiteral(" · ") + tr("since %1").arg(formatClock(*mode.since));
    if (mode.active || mode.byRule)
        role = "warn";
    word_->setText(word);
    setRole(*word_, role);
    showGauges(mode.gauges);
}

void ModeRow::showGauges(const std::vector<contract::ModeGauge>& gauges)
{
    while (gauges_.size() < gauges.size()) {
        Gauge made{label({}, "small"), new GaugeBar(theme_)};
        const int at = right_->count() - 1; // before the stretch
        right_->insertWidget(at, made.text);
        right_->insertWidget(at + 1, made.bar);
        gauges_.push_back(made);
    }
    for (std::size_t i = 0; i < gauges_.size(); ++i) {
        const bool there = i < gauges.size();
        gauges_[i].text->setVisible(there);
        gauges_[i].bar->setVisible(there);
        if (!there)
            continue;
        gauges_[i].text->setText(gaugeText(gauges[i]));
        gauges_[i].bar->setFraction(gaugeFraction(gauges[i]));
        gauges_[i].bar->setAccessibleName(gaugeText(gauges[i]));
    }
}

void ModeRow::openMenu()
{
    auto* menu = new QMenu(this);
    menu->setAttribute(Qt::WA_DeleteOnClose);
    const auto add = [this, menu](const QString& text, const char* setting) {
        QAction* action =
            menu->addAction(text, this, [this, setting] { modes_.set(mode_, QLatin1String(setting)); });
        action->setCheckable(true);
        action->setChecked(state_.byHand == QLatin1String(setting));
    };
    add(tr("Its rule decides"), "off");
    add(tr("On, whatever its rule says"), "on");
    add(tr("Never, whatever its rule says"), "never");
    menu->popup(more_->mapToGlobal(QPoint(more_->width() - menu->sizeHint().width(), more_->height())));
}

} // namespace spillway::ui
