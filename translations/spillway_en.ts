<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>Format</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n s</numerusform>
            <numerusform>%n s</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n min</numerusform>
            <numerusform>%n min</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n h</numerusform>
            <numerusform>%n h</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n day</numerusform>
            <numerusform>%n days</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::AccessLogView</name>
    <message numerus="yes">
        <source>%n line(s) written to %1</source>
        <translation>
            <numerusform>%n line written to %1</numerusform>
            <numerusform>%n lines written to %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::HeaderBar</name>
    <message numerus="yes">
        <source>%n download(s)</source>
        <translation>
            <numerusform>%n download</numerusform>
            <numerusform>%n downloads</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinksModel</name>
    <message numerus="yes">
        <source>%n address block(s)</source>
        <translation>
            <numerusform>%n address block</numerusform>
            <numerusform>%n address blocks</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::MainWindow</name>
    <message numerus="yes">
        <source>Drop them to share them: %n link(s) will be in your clipboard</source>
        <translation>
            <numerusform>Drop it to share it: %n link will be in your clipboard</numerusform>
            <numerusform>Drop them to share them: %n links will be in your clipboard</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::NodesPage</name>
    <message numerus="yes">
        <source>%n worker thread(s)</source>
        <translation>
            <numerusform>%n worker thread</numerusform>
            <numerusform>%n worker threads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n connection</numerusform>
            <numerusform>%n connections</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::OverviewPage</name>
    <message numerus="yes">
        <source>%n connection(s) open</source>
        <translation>
            <numerusform>%n connection open</numerusform>
            <numerusform>%n connections open</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::Session</name>
    <message numerus="yes">
        <source>%n link(s) revoked</source>
        <translation>
            <numerusform>Link revoked</numerusform>
            <numerusform>%n links revoked</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n transfer(s) ended</source>
        <translation>
            <numerusform>Transfer ended</numerusform>
            <numerusform>%n transfers ended</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) are in the clipboard</source>
        <translation>
            <numerusform>%n link is in the clipboard</numerusform>
            <numerusform>%n links are in the clipboard</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::SettingsPage</name>
    <message numerus="yes">
        <source>%n change(s) not saved</source>
        <translation>
            <numerusform>%n change not saved</numerusform>
            <numerusform>%n changes not saved</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n will hold after a restart</source>
        <translation>
            <numerusform>%n will hold after a restart</numerusform>
            <numerusform>%n will hold after a restart</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n saved change(s) hold after a restart. Running downloads are finished first.</source>
        <translation>
            <numerusform>%n saved change holds after a restart. Running downloads are finished first.</numerusform>
            <numerusform>%n saved changes hold after a restart. Running downloads are finished first.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n saved change(s) hold after a restart of the server.</source>
        <translation>
            <numerusform>%n saved change holds after a restart of the server.</numerusform>
            <numerusform>%n saved changes hold after a restart of the server.</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) saved</source>
        <translation>
            <numerusform>%n setting saved</numerusform>
            <numerusform>%n settings saved</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::SharesPage</name>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n file</numerusform>
            <numerusform>%n files</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::StaleBar</name>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n second</numerusform>
            <numerusform>%n seconds</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n minute</numerusform>
            <numerusform>%n minutes</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n hour</numerusform>
            <numerusform>%n hours</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransfersPage</name>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n running</numerusform>
            <numerusform>%n running</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::Tray</name>
    <message numerus="yes">
        <source>%n downloads finished</source>
        <translation>
            <numerusform>%n download finished</numerusform>
            <numerusform>%n downloads finished</numerusform>
        </translation>
    </message>
</context>
</TS>
