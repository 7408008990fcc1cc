// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/dialogs/linkrulesform.h"

#include "ui/models/entry.h"
#include "ui/models/format.h"
#include "ui/style/icons.h"
#include "ui/widgets/parts.h"
#include "ui/widgets/presetbox.h"

#include <QtWidgets/QBoxLayout>
#include <QtWidgets/QCheckBox>
#include <QtWidgets/QFormLayout>
#include <QtWidgets/QLineEdit>

namespace spillway::ui {

using contract::LinkExpiry;

namespace {

constexpr std::int64_t kDay = 86'400;
// Of the field "Expires after", beside seconds.
constexpr std::int64_t kNever = 0;
constexpr std::int64_t kDefault = -1; ///< as the server's settings say
constexpr std::int64_t kKeep = -2;    ///< as it is

QFormLayout* newForm()
{
    auto* form = new QFormLayout;
    form->setContentsMargins(0, 0, 0, 0);
    form->setVerticalSpacing(12);
    form->setHorizontalSpacing(16);
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    return form;
}

} // namespace

LinkRulesForm::LinkRulesForm(Theme& theme) : theme_(theme)
{
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(12);
    fields_ = newForm();
    column->addLayout(fields_);
    buildFirst(theme);
    more_ = flatButton(tr("More rules"), nullptr, theme);
    more_->setObjectName(QStringLiteral("moreRules"));
    more_->setCheckable(true);
    more_->setAutoDefault(false);
    column->addWidget(more_, 0, Qt::AlignLeft);
    buildMore(theme);
    column->addWidget(rest_);
    connect(more_, &QPushButton::toggled, this, &LinkRulesForm::setMore);
    setMore(false);
}

void LinkRulesForm::buildFirst(Theme&)
{
    expiry_ = new PresetBox({{tr("As the settings say"), kDefault},
                             {tr("1 hour"), 3600},
                             {tr("1 day"), kDay},
                             {tr("7 days"), 7 * kDay},
                             {tr("30 days"), 30 * kDay},
                             {tr("1 year"), 365 * kDay},
                             {tr("Never"), kNever}},
                            readSpan, formatSpan);
    expiry_->setObjectName(QStringLiteral("expiry"));
    downloads_ = new PresetBox({{tr("As often as wanted"), 0},
                                {tr("Once"), 1},
                                {tr("3 times"), 3},
                                {tr("10 times"), 10},
                                {tr("100 times"), 100}},
                               readCount, formatCount);
    downloads_->setObjectName(QStringLiteral("downloads"));
    password_ = new QLineEdit;
    password_->setObjectName(QStringLiteral("password"));
    password_->setPlaceholderText(tr("None"));
    password_->setEchoMode(QLineEdit::PasswordEchoOnEdit);
    noPassword_ = new QCheckBox(tr("Take the password away"));
    noPassword_->hide();
    note_ = new QLineEdit;
    note_->setObjectName(QStringLiteral("note"));
    note_->setMaxLength(300);
    note_->setPlaceholderText(tr("A word to whoever gets the link; its page shows it"));
    fields_->addRow(tr("Expires after"), expiry_);
    fields_->addRow(tr("Downloads"), downloads_);
    fields_->addRow(tr("Password"), password_);
    fields_->addRow({}, noPassword_);
    fields_->setRowVisible(noPassword_, false);
    fields_->addRow(tr("Note"), note_);
    connect(noPassword_, &QCheckBox::toggled, password_, &QWidget::setDisabled);
}

void LinkRulesForm::buildMore(Theme&)
{
    constexpr std::int64_t mega = 1'000'000;
    allow_ = new QLineEdit;
    allow_->setObjectName(QStringLiteral("allow"));
    allow_->setPlaceholderText(tr("Everywhere, or 192.168.1.0/24, 2001:db8::/32"));
    rate_ = new PresetBox({{tr("As fast as it goes"), 0},
                           {formatRate(mega), mega},
                           {formatRate(5 * mega), 5 * mega},
                           {formatRate(20 * mega), 20 * mega},
                           {formatRate(100 * mega), 100 * mega}},
                          readRate, [](std::int64_t rate) { return formatRate(static_cast<double>(rate)); });
    rate_->setObjectName(QStringLiteral("rate"));
    concurrency_ = new PresetBox({{tr("Any number"), 0},
                                  {QStringLiteral("1"), 1},
                                  {QStringLiteral("2"), 2},
                                  {QStringLiteral("5"), 5},
                                  {QStringLiteral("20"), 20}},
                                 readCount, formatCount);
    concurrency_->setObjectName(QStringLiteral("concurrency"));
    page_ = new QCheckBox(tr("Browsers show a page with name and size first"));
    page_->setObjectName(QStringLiteral("page"));
    page_->setChecked(true);
    rest_ = new QWidget;
    auto* form = newForm();
    rest_->setLayout(form);
    form->addRow(tr("Only from"), allow_);
    form->addRow(tr("In all at most"), rate_);
    form->addRow(tr("At a time"), concurrency_);
    form->addRow({}, page_);
    connect(allow_, &QLineEdit::textChanged, this, [this] { markField(*allow_, {}); });
}

QWidget* LinkRulesForm::first() const
{
    return expiry_;
}

void LinkRulesForm::setMore(bool open)
{
    more_->setChecked(open);
    rest_->setVisible(open);
    more_->setIcon(icon(open ? "chevron-down" : "chevron-right", theme_.palette().textSecondary));
}

void LinkRulesForm::show(const contract::CreateLink& rules)
{
    link_.reset();
    expiry_->setValue(rules.expiry.kind == LinkExpiry::Kind::After   ? rules.expiry.after.count()
                      : rules.expiry.kind == LinkExpiry::Kind::Never ? kNever
                                                                     : kDefault);
    downloads_->setValue(rules.maxDownloads);
    note_->setText(rules.note);
    allow_->setText(rules.allow.join(QStringLiteral(", ")));
    rate_->setValue(rules.rate);
    concurrency_->setValue(rules.concurrency);
    page_->setChecked(rules.page);
    setMore(!rules.allow.isEmpty() || rules.rate > 0 || rules.concurrency > 0 || !rules.page);
}

void LinkRulesForm::show(const contract::Link& link)
{
    contract::CreateLink rules;
    rules.note = link.note;
    rules.page = link.page;
    rules.maxDownloads = link.maxDownloads.value_or(0);
    rules.allow = link.allow;
    rules.rate = link.rate;
    rules.concurrency = link.concurrency;
    show(rules);
    expiry_->removeItem(expiry_->findData(qlonglong{kDefault}));
    expiry_->insertItem(0,
                        link.expiresAt ? tr("As it is: until %1").arg(formatClock(*link.expiresAt))
                                       : tr("As it is: never"),
                        qlonglong{kKeep});
    expiry_->setCurrentIndex(0);
    if (link.hasPassword) {
        password_->setPlaceholderText(tr("As it is"));
        fields_->setRowVisible(noPassword_, true);
    }
    link_ = link;
}

LinkExpiry LinkRulesForm::expiry() const
{
    const std::int64_t seconds = expiry_->value().value_or(kDefault);
    if (seconds == kNever)
        return {LinkExpiry::Kind::Never, {}};
    if (seconds < 0)
        return {};
    return {LinkExpiry::Kind::After, std::chrono::seconds(seconds)};
}

Result<void> LinkRulesForm::check() const
{
    const std::tuple<PresetBox*, QString, bool> boxes[] = {
        {expiry_, tr("How long? A number and a unit, as \"36 h\" or \"7 days\"."), false},
        {downloads_, tr("How often? A whole number, as \"5\"."), false},
        {rate_, tr("How fast? A number and a unit, as \"2 MB/s\"."), true},
        {concurrency_, tr("How many at a time? A whole number, as \"2\"."), true}};
    for (const auto& [box, what, hidden] : boxes) {
        if (box->value())
            continue;
        if (hidden)
            more_->setChecked(true);
        markField(*box, what);
        box->setFocus();
        return fail(ErrorCode::InvalidArgument, what.toStdString());
    }
    return {};
}

Result<contract::CreateLink> LinkRulesForm::rules() const
{
    if (auto good = check(); !good)
        return fail(good.error());
    contract::CreateLink rules;
    rules.expiry = expiry();
    rules.maxDownloads = *downloads_->value();
    rules.password = password_->text();
    rules.note = note_->text().trimmed();
    rules.allow = readList(allow_->text());
    rules.rate = *rate_->value();
    rules.concurrency = *concurrency_->value();
    rules.page = page_->isChecked();
    return rules;
}

Result<contract::UpdateLink> LinkRulesForm::changes() const
{
    const auto wanted = rules();
    if (!wanted)
        return fail(wanted.error());
    contract::UpdateLink change{link_->id};
    if (expiry_->value() != kKeep)
        change.expiry = wanted->expiry;
    if (wanted->maxDownloads != link_->maxDownloads.value_or(0))
        change.maxDownloads = wanted->maxDownloads;
    if (noPassword_->isChecked())
        change.password = QString();
    else if (!wanted->password.isEmpty())
        change.password = wanted->password;
    if (wanted->note != link_->note)
        change.note = wanted->note;
    if (wanted->allow != link_->allow)
        change.allow = wanted->allow;
    // A rate that no preset has is shown rounded: only what was touched is another.
    if (rate_->currentText() != formatRate(static_cast<double>(link_->rate)) && wanted->rate != link_->rate)
        change.rate = wanted->rate;
    if (wanted->concurrency != link_->concurrency)
        change.concurrency = wanted->concurrency;
    if (wanted->page != link_->page)
        change.page = wanted->page;
    return change;
}

} // namespace spillway::ui
