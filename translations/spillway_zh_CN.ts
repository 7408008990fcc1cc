<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="zh_CN">
<context>
    <name>Dialog</name>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
</context>
<context>
    <name>Format</name>
    <message numerus="yes">
        <source>%n s</source>
        <translation>
            <numerusform>%n 秒</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n min</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n h</source>
        <translation>
            <numerusform>%n 小时</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n day(s)</source>
        <translation>
            <numerusform>%n 天</numerusform>
        </translation>
    </message>
    <message>
        <source>d MMM</source>
        <comment>a date without its year</comment>
        <translation>M月d日</translation>
    </message>
</context>
<context>
    <name>ReachText</name>
    <message>
        <source>Both must be in the same network; many guest networks keep their devices apart.</source>
        <translation>两台设备须在同一网络中；许多访客网络会隔离其中的设备。</translation>
    </message>
    <message>
        <source>A firewall on this computer must let port %1 in, for example: %2</source>
        <translation>这台电脑若有防火墙，须放行端口 %1，例如：%2</translation>
    </message>
    <message>
        <source>The firewall %1 runs on this computer and must let port %2 in: %3</source>
        <translation>这台电脑正在运行防火墙 %1，须放行端口 %2：%3</translation>
    </message>
    <message>
        <source>From the Internet, the router must pass port %1 on to this computer, and the setting public_url must name the address that it has there.</source>
        <translation>要从互联网访问，路由器须把端口 %1 转发到这台电脑，并在设置 public_url 中填写它在互联网上的地址。</translation>
    </message>
    <message>
        <source>The server takes connections from this computer alone; the setting listen says where it takes them.</source>
        <translation>服务器只接受来自本机的连接；在哪里接受连接由设置 listen 决定。</translation>
    </message>
    <message>
        <source>This computer has no network now, so the link works on this computer alone. Connect it to a network and copy the link again.</source>
        <translation>这台电脑现在没有网络，链接只在本机有效。连接网络后请重新复制链接。</translation>
    </message>
    <message>
        <source>Other devices come by way of %1, as the setting public_url says; a proxy on this computer must pass them on.</source>
        <translation>其他设备经由 %1 访问（见设置 public_url）；须由这台电脑上的代理转发。</translation>
    </message>
    <message>
        <source>Other devices reach this computer; the last was %1.</source>
        <translation>其他设备可以访问这台电脑；最近一次来自 %1。</translation>
    </message>
    <message>
        <source>Waiting for another device: open the link there, or let a phone in the same network read the code.</source>
        <translation>正在等待其他设备：请在那里打开链接，或用同一网络中的手机扫描二维码。</translation>
    </message>
    <message>
        <source>No other device has come through yet. Where the link does not open there:</source>
        <translation>还没有其他设备连接进来。如果链接在那里打不开：</translation>
    </message>
</context>
<context>
    <name>Settings</name>
    <message>
        <source>Network</source>
        <translation>网络</translation>
    </message>
    <message>
        <source>HTTPS</source>
        <translation>HTTPS</translation>
    </message>
    <message>
        <source>Links and shares</source>
        <translation>链接与共享</translation>
    </message>
    <message>
        <source>Protection</source>
        <translation>防护</translation>
    </message>
    <message>
        <source>HTTP</source>
        <translation>HTTP</translation>
    </message>
    <message>
        <source>Search and checksums</source>
        <translation>搜索与校验</translation>
    </message>
    <message>
        <source>Files and memory</source>
        <translation>文件与内存</translation>
    </message>
    <message>
        <source>Log and metrics</source>
        <translation>日志与指标</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>其他</translation>
    </message>
    <message>
        <source>min</source>
        <translation>分钟</translation>
    </message>
    <message>
        <source>on</source>
        <translation>开</translation>
    </message>
    <message>
        <source>off</source>
        <translation>关</translation>
    </message>
    <message>
        <source>empty</source>
        <translation>空</translation>
    </message>
    <message>
        <source>d</source>
        <translation>天</translation>
    </message>
</context>
<context>
    <name>SettingsTable</name>
    <message>
        <source>Addresses and ports of the public listener; port 0 lets the system choose.</source>
        <translation>公共监听的地址和端口；端口 0 由系统选择。</translation>
    </message>
    <message>
        <source>Addresses and ports of the admin API, health and metrics.</source>
        <translation>管理接口、健康检查和指标的地址和端口。</translation>
    </message>
    <message>
        <source>the best address of this machine in its network</source>
        <translation>本机在网络中的最佳地址</translation>
    </message>
    <message>
        <source>The address that printed URLs begin with, with a sub-path where a proxy has one.</source>
        <translation>生成的网址以此地址开头；代理有子路径时一并写上。</translation>
    </message>
    <message>
        <source>Share the public ports with other Spillway processes of this machine and user that have it set too.</source>
        <translation>与本机同一用户、同样设置了此项的其他 Spillway 进程共用公共端口。</translation>
    </message>
    <message>
        <source>one per processor core</source>
        <translation>每个处理器核心一个</translation>
    </message>
    <message>
        <source>Threads that serve connections.</source>
        <translation>处理连接的线程数。</translation>
    </message>
    <message>
        <source>A request head must be complete this long after its first byte.</source>
        <translation>请求头须在首字节之后这段时间内收完。</translation>
    </message>
    <message>
        <source>A connection without a request is closed after this long.</source>
        <translation>没有请求的连接在这段时间后关闭。</translation>
    </message>
    <message>
        <source>A download whose reader takes no byte for this long is ended.</source>
        <translation>接收方这么久没有取走任何字节，下载即终止。</translation>
    </message>
    <message>
        <source>no minimum</source>
        <translation>没有下限</translation>
    </message>
    <message>
        <source>A download slower than this, seen over the grace time, is ended.</source>
        <translation>在宽限时间内平均低于此速度的下载会被终止。</translation>
    </message>
    <message>
        <source>The time over which the minimum rate is measured.</source>
        <translation>衡量最低速度所用的时间。</translation>
    </message>
    <message>
        <source>The largest request head; a larger one is answered 431.</source>
        <translation>请求头的最大长度；超过则回复 431。</translation>
    </message>
    <message>
        <source>The longest request target; a longer one is answered 414.</source>
        <translation>请求目标的最大长度；超过则回复 414。</translation>
    </message>
    <message>
        <source>The most header fields of a request; more are answered 431.</source>
        <translation>请求头字段的最多个数；超过则回复 431。</translation>
    </message>
    <message>
        <source>as many as the limit of open files allows</source>
        <translation>打开文件数上限允许的最多数量</translation>
    </message>
    <message>
        <source>The most connections at a time; a further one is answered 503. Never more than the limit of open files has room for.</source>
        <translation>同时连接的最多数量；再来的回复 503。不会超过打开文件数上限所能容纳的数量。</translation>
    </message>
    <message>
        <source>The most bytes of further requests kept while an answer goes out.</source>
        <translation>发送回复期间为后续请求保留的最多字节。</translation>
    </message>
    <message>
        <source>no limit</source>
        <translation>不限</translation>
    </message>
    <message>
        <source>A connection is closed after this many requests.</source>
        <translation>一个连接处理这么多请求后关闭。</translation>
    </message>
    <message>
        <source>no file is kept in memory</source>
        <translation>内存中不保留文件</translation>
    </message>
    <message>
        <source>Memory for the bytes of small files that are asked for often.</source>
        <translation>为常被请求的小文件内容保留的内存。</translation>
    </message>
    <message>
        <source>The largest file that is kept in memory.</source>
        <translation>保留在内存中的最大文件。</translation>
    </message>
    <message>
        <source>Open files kept by each worker; each takes a descriptor.</source>
        <translation>每个工作线程保持打开的文件数；每个占用一个描述符。</translation>
    </message>
    <message>
        <source>at every request</source>
        <translation>每次请求都比较</translation>
    </message>
    <message>
        <source>A file kept open is compared with the disk when this long has passed.</source>
        <translation>保持打开的文件每隔这段时间与磁盘比较一次。</translation>
    </message>
    <message>
        <source>Threads that read from the disk what is not in memory yet.</source>
        <translation>把尚不在内存中的内容从磁盘读入的线程数。</translation>
    </message>
    <message>
        <source>The most disk reads that wait for such a thread.</source>
        <translation>等待这些线程的磁盘读取的最多数量。</translation>
    </message>
    <message>
        <source>How much is read ahead of downloads from a cold disk, over all of them.</source>
        <translation>从冷磁盘为所有下载合计预读的量。</translation>
    </message>
    <message>
        <source>How much is read from the disk at a time.</source>
        <translation>每次从磁盘读取的量。</translation>
    </message>
    <message>
        <source>How long a catalog row is used from memory before it is read again.</source>
        <translation>目录记录在内存中使用多久后重新读取。</translation>
    </message>
    <message>
        <source>The most catalog rows kept in memory.</source>
        <translation>内存中保留的目录记录的最多条数。</translation>
    </message>
    <message>
        <source>not at all</source>
        <translation>完全不记</translation>
    </message>
    <message>
        <source>How long it is remembered that something is not in the catalog.</source>
        <translation>某项不在目录中这一结果记住多久。</translation>
    </message>
    <message>
        <source>none</source>
        <translation>没有</translation>
    </message>
    <message>
        <source>The most such absences kept in memory.</source>
        <translation>内存中保留的此类“不存在”的最多条数。</translation>
    </message>
    <message>
        <source>Scan the shares in the background, for search and checksums.</source>
        <translation>在后台扫描共享，用于搜索和校验。</translation>
    </message>
    <message>
        <source>Compute CRC-32 and SHA-256 of the files found.</source>
        <translation>为找到的文件计算 CRC-32 和 SHA-256。</translation>
    </message>
    <message>
        <source>none but empty files</source>
        <translation>只有空文件</translation>
    </message>
    <message>
        <source>Larger files get no checksum.</source>
        <translation>更大的文件不计算校验值。</translation>
    </message>
    <message>
        <source>How fast files are read for checksums.</source>
        <translation>为计算校验值读取文件的速度。</translation>
    </message>
    <message>
        <source>How often folders are scanned again where the system does not report changes.</source>
        <translation>系统不报告变化时，每隔多久重新扫描文件夹。</translation>
    </message>
    <message>
        <source>links do not expire</source>
        <translation>链接不过期</translation>
    </message>
    <message>
        <source>How long a new link is good when nothing else is said.</source>
        <translation>没有另行说明时，新链接的有效期。</translation>
    </message>
    <message>
        <source>A recipient of a link counts anew after this long without activity.</source>
        <translation>链接的接收者这么久没有活动后，再来时重新计数。</translation>
    </message>
    <message>
        <source>A recipient counts anew when this long has passed since all bytes arrived.</source>
        <translation>接收者收到全部字节并过了这段时间后，再来时重新计数。</translation>
    </message>
    <message>
        <source>caches ask every time</source>
        <translation>缓存每次都询问</translation>
    </message>
    <message>
        <source>How long caches may keep a file of a new public share (Cache-Control: max-age).</source>
        <translation>缓存可将新公开共享的文件保留多久（Cache-Control: max-age）。</translation>
    </message>
    <message>
        <source>How long a browser stays signed in to a private share, or past a link&apos;s password.</source>
        <translation>浏览器在私有共享或带密码的链接上保持登录多久。</translation>
    </message>
    <message>
        <source>Threads that check link passwords; each takes 64 MiB while it works.</source>
        <translation>检查链接密码的线程数；每个工作时占用 64 MiB。</translation>
    </message>
    <message>
        <source>The most password checks that wait for such a thread; a further one is answered 503.</source>
        <translation>等待这些线程的密码检查的最多数量；再来的回复 503。</translation>
    </message>
    <message>
        <source>nobody is banned by rule</source>
        <translation>不按规则封禁任何人</translation>
    </message>
    <message>
        <source>Different wrong tokens, passwords and signatures after which an address is banned.</source>
        <translation>出现这么多个不同的错误令牌、密码和签名后，封禁该地址。</translation>
    </message>
    <message>
        <source>The time over which they are counted.</source>
        <translation>统计这些错误的时间段。</translation>
    </message>
    <message>
        <source>How long the first ban lasts; each further one lasts twice as long.</source>
        <translation>首次封禁的时长；之后每次加倍。</translation>
    </message>
    <message>
        <source>The longest ban by rule.</source>
        <translation>按规则封禁的最长时间。</translation>
    </message>
    <message>
        <source>only loopback is never banned</source>
        <translation>只有本机回环地址不会被封禁</translation>
    </message>
    <message>
        <source>Address blocks that are never banned by rule.</source>
        <translation>永不按规则封禁的地址段。</translation>
    </message>
    <message>
        <source>no proxy is believed</source>
        <translation>不信任任何代理</translation>
    </message>
    <message>
        <source>Proxies whose Forwarded, X-Forwarded-For and X-Forwarded-Proto fields are believed.</source>
        <translation>信任其 Forwarded、X-Forwarded-For 和 X-Forwarded-Proto 字段的代理。</translation>
    </message>
    <message>
        <source>Trusted proxies begin each connection with the PROXY protocol, version 1 or 2.</source>
        <translation>受信任的代理以 PROXY 协议（版本 1 或 2）开始每个连接。</translation>
    </message>
    <message>
        <source>Addresses whose limits and failures are kept in mind at a time; the busy ones stay.</source>
        <translation>同时记住其限制和失败次数的地址数；繁忙的会保留。</translation>
    </message>
    <message>
        <source>no HTTPS</source>
        <translation>不启用 HTTPS</translation>
    </message>
    <message>
        <source>Addresses and ports for HTTPS.</source>
        <translation>HTTPS 的地址和端口。</translation>
    </message>
    <message>
        <source>tls/certificate.pem in the data folder</source>
        <translation>数据文件夹中的 tls/certificate.pem</translation>
    </message>
    <message>
        <source>PEM files with a certificate and its chain each, separated by commas; the name that a client asks for chooses.</source>
        <translation>PEM 文件，各含一个证书及其证书链，以逗号分隔；按客户端请求的名称选择。</translation>
    </message>
    <message>
        <source>tls/key.pem in the data folder</source>
        <translation>数据文件夹中的 tls/key.pem</translation>
    </message>
    <message>
        <source>PEM files with the certificates&apos; keys, in the same order.</source>
        <translation>各证书密钥的 PEM 文件，顺序相同。</translation>
    </message>
    <message>
        <source>The oldest TLS version that is spoken.</source>
        <translation>支持的最低 TLS 版本。</translation>
    </message>
    <message>
        <source>A TLS handshake must be complete this long after the connection came in.</source>
        <translation>TLS 握手须在连接到来后这段时间内完成。</translation>
    </message>
    <message>
        <source>The most unfinished handshakes at a time; over it the oldest is dropped.</source>
        <translation>同时未完成的握手的最多数量；超过则丢弃最早的。</translation>
    </message>
    <message>
        <source>What plain HTTP gets while HTTPS is on: the same as HTTPS, a redirect to it, or 403.</source>
        <translation>启用 HTTPS 时，普通 HTTP 得到：与 HTTPS 相同、重定向到它，或 403。</translation>
    </message>
    <message>
        <source>no such field</source>
        <translation>不发送此字段</translation>
    </message>
    <message>
        <source>Strict-Transport-Security on HTTPS answers, for this long.</source>
        <translation>HTTPS 回复中 Strict-Transport-Security 的时长。</translation>
    </message>
    <message>
        <source>acme in the data folder</source>
        <translation>数据文件夹中的 acme</translation>
    </message>
    <message>
        <source>The folder whose .well-known/acme-challenge an ACME client writes to; changed on the server&apos;s own machine only.</source>
        <translation>ACME 客户端写入其 .well-known/acme-challenge 的文件夹；只能在服务器本机上更改。</translation>
    </message>
    <message>
        <source>Turn off what is costly when the machine is too busy.</source>
        <translation>机器过忙时关闭开销大的功能。</translation>
    </message>
    <message>
        <source>Percent of the workers&apos; processor time from which on the server counts as overloaded.</source>
        <translation>工作线程处理器时间达到此百分比即视为过载。</translation>
    </message>
    <message>
        <source>Percent of the memory that the process may have.</source>
        <translation>进程可用内存的百分比。</translation>
    </message>
    <message>
        <source>Percent of the open files that the process may have.</source>
        <translation>进程可打开文件数的百分比。</translation>
    </message>
    <message>
        <source>The waiting time of queued downloads from which on the server counts as overloaded.</source>
        <translation>排队下载的等待时间达到此值即视为过载。</translation>
    </message>
    <message>
        <source>the disk is not watched</source>
        <translation>不监视磁盘</translation>
    </message>
    <message>
        <source>With less room than this in the data folder&apos;s file system, the catalog is read-only.</source>
        <translation>数据文件夹所在文件系统的剩余空间少于此值时，目录变为只读。</translation>
    </message>
    <message>
        <source>What the server says about itself.</source>
        <translation>服务器记录自身情况的详细程度。</translation>
    </message>
    <message>
        <source>The form of the access log: none, Apache&apos;s combined lines, or one JSON object a line.</source>
        <translation>访问日志的格式：无、Apache 的 combined 格式，或每行一个 JSON 对象。</translation>
    </message>
    <message>
        <source>access.log in the data folder</source>
        <translation>数据文件夹中的 access.log</translation>
    </message>
    <message>
        <source>The file of the access log; it is opened again on SIGUSR1. Changed on the server&apos;s own machine only.</source>
        <translation>访问日志文件；收到 SIGUSR1 时重新打开。只能在服务器本机上更改。</translation>
    </message>
    <message>
        <source>The most log lines that wait for the disk; further ones are dropped and counted.</source>
        <translation>等待写入磁盘的日志行的最多数量；再多的会丢弃并计数。</translation>
    </message>
    <message>
        <source>only the token opens it</source>
        <translation>只有令牌可以打开</translation>
    </message>
    <message>
        <source>Address blocks that may read /metrics without a token.</source>
        <translation>无需令牌即可读取 /metrics 的地址段。</translation>
    </message>
    <message>
        <source>there is no token</source>
        <translation>没有令牌</translation>
    </message>
    <message>
        <source>A bearer token that may read /metrics from any address.</source>
        <translation>可从任何地址读取 /metrics 的令牌。</translation>
    </message>
    <message>
        <source>running downloads are cut at once</source>
        <translation>立即切断正在进行的下载</translation>
    </message>
    <message>
        <source>How long running downloads may go on after SIGTERM.</source>
        <translation>收到 SIGTERM 后，正在进行的下载还可以继续多久。</translation>
    </message>
    <message>
        <source>Threads that read folders and compute checksums for their archives.</source>
        <translation>读取文件夹并为其归档计算校验值的线程数。</translation>
    </message>
    <message>
        <source>Memory for what archives consist of, over all of them: about 100 bytes a file.</source>
        <translation>所有归档的内容清单合计所用的内存：每个文件约 100 字节。</translation>
    </message>
    <message>
        <source>How long a request waits until its folder is read, or the checksums that its range needs are there; then it is answered 503.</source>
        <translation>请求等待文件夹读完或所需校验值就绪的时间；超过则回复 503。</translation>
    </message>
    <message>
        <source>Threads that compute a file&apos;s SHA-256 where a client asks for it and the index has none.</source>
        <translation>客户端请求而索引中没有时，计算文件 SHA-256 的线程数。</translation>
    </message>
    <message>
        <source>only what the index knows</source>
        <translation>只提供索引已知的</translation>
    </message>
    <message>
        <source>The largest file whose SHA-256 is computed for a request.</source>
        <translation>应请求计算 SHA-256 的最大文件。</translation>
    </message>
    <message>
        <source>How long an answer waits for the digest that Want-Repr-Digest asks for, before it goes out without one.</source>
        <translation>回复等待 Want-Repr-Digest 所要摘要的时间；超过则不带摘要发出。</translation>
    </message>
    <message>
        <source>Where the admin API speaks HTTPS: at addresses that other machines can reach, or on loopback too.</source>
        <translation>管理 API 在何处使用 HTTPS：仅在其他机器可访问的地址上，还是本机回环地址上也使用。</translation>
    </message>
    <message>
        <source>A PEM file with the admin API&apos;s certificate and its chain; consoles pin its fingerprint.</source>
        <translation>管理 API 的证书及证书链的 PEM 文件；控制台会记住其指纹。</translation>
    </message>
    <message>
        <source>one that vouches for itself, made in the data folder</source>
        <translation>在数据文件夹中生成的自签名证书</translation>
    </message>
    <message>
        <source>The PEM file with the key of admin.certificate.</source>
        <translation>admin.certificate 所用密钥的 PEM 文件。</translation>
    </message>
    <message>
        <source>that of the certificate that vouches for itself</source>
        <translation>自签名证书的密钥</translation>
    </message>
    <message>
        <source>consoles elsewhere share nothing new</source>
        <translation>其他机器上的控制台不能新增共享</translation>
    </message>
    <message>
        <source>Folders that consoles elsewhere and API tokens may look into and share from; changed on the server&apos;s own machine only.</source>
        <translation>其他机器上的控制台和 API 令牌可以查看并从中共享的文件夹；只能在服务器本机上更改。</translation>
    </message>
    <message>
        <source>it is one file, however long</source>
        <translation>始终只有一个文件，无论多长</translation>
    </message>
    <message>
        <source>When the audit log&apos;s file is as large as this, it is put aside and a new one goes on; changed on the server&apos;s own machine only.</source>
        <translation>审计日志文件达到此大小时会被另存，并由新文件继续；只能在服务器本机上更改。</translation>
    </message>
    <message>
        <source>all of them</source>
        <translation>全部保留</translation>
    </message>
    <message>
        <source>How many of the audit log&apos;s files that were put aside are kept; older ones are deleted. Changed on the server&apos;s own machine only.</source>
        <translation>保留多少个已另存的审计日志文件；更早的会被删除。只能在服务器本机上更改。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::AccessLogView</name>
    <message>
        <source>Access log</source>
        <translation>访问日志</translation>
    </message>
    <message>
        <source>Show earlier lines</source>
        <translation>显示更早的行</translation>
    </message>
    <message>
        <source>No requests yet</source>
        <translation>还没有请求</translation>
    </message>
    <message>
        <source>Each request to this server is a line here, a moment after it was answered.</source>
        <translation>对此服务器的每个请求在应答后片刻就会成为这里的一行。</translation>
    </message>
    <message>
        <source>The access log is off</source>
        <translation>访问日志已关闭</translation>
    </message>
    <message>
        <source>The setting log.access turns it on.</source>
        <translation>用设置 log.access 打开它。</translation>
    </message>
    <message>
        <source>Take this filter away</source>
        <translation>移除此筛选条件</translation>
    </message>
    <message>
        <source>Only lines with this value</source>
        <translation>只看含此值的行</translation>
    </message>
    <message>
        <source>Only lines of %1</source>
        <translation>只看 %1 的行</translation>
    </message>
    <message>
        <source>Copy line</source>
        <translation>复制此行</translation>
    </message>
    <message>
        <source>Line copied</source>
        <translation>已复制此行</translation>
    </message>
    <message>
        <source>Export the lines that are shown</source>
        <translation>导出所显示的行</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) written to %1</source>
        <translation>
            <numerusform>已将 %n 行写入 %1</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 was not written: %2</source>
        <translation>未能写入 %1：%2</translation>
    </message>
</context>
<context>
    <name>spillway::ui::AddLimitDialog</name>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Add a limit</source>
        <translation>添加限制</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>带宽</translation>
    </message>
    <message>
        <source>For a</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Which</source>
        <translation>哪一个</translation>
    </message>
    <message>
        <source>Requests, downloads at a time and priority can be set for it afterwards.</source>
        <translation>请求数、同时下载数和优先级可在之后设置。</translation>
    </message>
    <message>
        <source>Add limit</source>
        <translation>添加限制</translation>
    </message>
    <message>
        <source>192.0.2.7, 10.0.0.0/8, 2001:db8::/64</source>
        <translation>192.0.2.7、10.0.0.0/8、2001:db8::/64</translation>
    </message>
    <message>
        <source>There is none yet</source>
        <translation>还没有</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Assistant</name>
    <message>
        <source>Welcome to Spillway</source>
        <translation>欢迎使用 Spillway</translation>
    </message>
    <message>
        <source>What do you want to share?</source>
        <translation>你想共享什么？</translation>
    </message>
    <message>
        <source>Choose a folder, or drop one here. Its files stay where they are; whoever has the link can fetch them for as long as Spillway runs.</source>
        <translation>选择一个文件夹，或把它拖到这里。文件留在原处；只要 Spillway 在运行，有链接的人就能下载。</translation>
    </message>
    <message>
        <source>Choose a folder…</source>
        <translation>选择文件夹…</translation>
    </message>
    <message>
        <source>Its name in links</source>
        <translation>在链接中的名称</translation>
    </message>
    <message>
        <source>Who may see it</source>
        <translation>谁可以看到</translation>
    </message>
    <message>
        <source>Only who has a link</source>
        <translation>只有拥有链接的人</translation>
    </message>
    <message>
        <source>Everybody who can reach this computer</source>
        <translation>所有能访问这台电脑的人</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>以后再说</translation>
    </message>
    <message>
        <source>Share it and copy its link</source>
        <translation>共享并复制链接</translation>
    </message>
    <message>
        <source>The link is in your clipboard</source>
        <translation>链接已在剪贴板中</translation>
    </message>
    <message>
        <source>Copy again</source>
        <translation>再次复制</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Link copied</source>
        <translation>链接已复制</translation>
    </message>
    <message>
        <source>Choose a folder to share</source>
        <translation>选择要共享的文件夹</translation>
    </message>
    <message>
        <source>Paste it into a mail or a chat, or let a phone read the code. Whoever opens it sees %1.</source>
        <translation>把它粘贴到邮件或聊天中，或用手机扫描二维码。打开的人会看到“%1”。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::AuditModel</name>
    <message>
        <source>yes</source>
        <translation>是</translation>
    </message>
    <message>
        <source>no</source>
        <translation>否</translation>
    </message>
    <message>
        <source>none</source>
        <translation>无</translation>
    </message>
    <message>
        <source>token %1</source>
        <translation>令牌 %1</translation>
    </message>
    <message>
        <source>console</source>
        <translation>控制台</translation>
    </message>
    <message>
        <source>command line</source>
        <translation>命令行</translation>
    </message>
    <message>
        <source>an invited console</source>
        <translation>受邀的控制台</translation>
    </message>
    <message>
        <source>server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>owner</source>
        <translation>所有者</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>When</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>操作者</translation>
    </message>
    <message>
        <source>From</source>
        <translation>来自</translation>
    </message>
    <message>
        <source>What</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>Object</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Change</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Outcome</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>a rule</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>settings file</source>
        <translation>设置文件</translation>
    </message>
</context>
<context>
    <name>spillway::ui::AuditView</name>
    <message>
        <source>Audit log</source>
        <translation>审计日志</translation>
    </message>
    <message>
        <source>Nothing was changed yet</source>
        <translation>还没有任何更改</translation>
    </message>
    <message>
        <source>Whoever changes something, here or elsewhere, is an entry in this list.
Nobody can change or remove one without its showing.</source>
        <translation>无论在此处还是别处，每次更改都会成为此列表中的一条记录。
任何人修改或删除记录都会被发现。</translation>
    </message>
    <message>
        <source>The audit log is whole: no line was changed, removed or cut off</source>
        <translation>审计日志完整：没有任何行被修改、删除或截断</translation>
    </message>
    <message>
        <source>Copy its head</source>
        <translation>复制其末端标识</translation>
    </message>
    <message>
        <source>The head is in the clipboard; keep it somewhere else</source>
        <translation>末端标识已在剪贴板中；请保存到别处</translation>
    </message>
    <message>
        <source>The audit log is not whole:</source>
        <translation>审计日志不完整：</translation>
    </message>
    <message>
        <source>Its key is missing.</source>
        <translation>它的密钥不见了。</translation>
    </message>
    <message>
        <source>The audit log is whole but for its first %1 entries, deleted as audit.files says</source>
        <translation>除了按 audit.files 删除的最早 %1 条之外，审计日志完整</translation>
    </message>
</context>
<context>
    <name>spillway::ui::BanControl</name>
    <message>
        <source>%1 is banned</source>
        <translation>%1 已封禁</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤消</translation>
    </message>
    <message>
        <source>%1 may come back</source>
        <translation>%1 已解除封禁</translation>
    </message>
</context>
<context>
    <name>spillway::ui::BanDialog</name>
    <message>
        <source>Ban an address</source>
        <translation>封禁地址</translation>
    </message>
    <message>
        <source>192.0.2.7, or 2001:db8:1:2::/64</source>
        <translation>192.0.2.7 或 2001:db8:1:2::/64</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>A word to yourself, shown in the list</source>
        <translation>给自己的备注，显示在列表中</translation>
    </message>
    <message numerus="yes">
        <source>End its %n running transfer(s), too</source>
        <translation>
            <numerusform>同时结束它正在进行的 %n 个传输</numerusform>
        </translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>For</source>
        <translation>时长</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Whatever comes from this address is refused. An IPv6 address stands for its /64.</source>
        <translation>来自此地址的一切请求都会被拒绝。IPv6 地址代表其所在的 /64 网段。</translation>
    </message>
    <message>
        <source>Ban</source>
        <translation>封禁</translation>
    </message>
    <message>
        <source>How long? A number and a unit, as &quot;36 h&quot; or &quot;7 days&quot;.</source>
        <translation>多长时间？请输入数字和单位，例如 “36 h” 或 “7 days”。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::BansModel</name>
    <message>
        <source>By hand</source>
        <translation>手动</translation>
    </message>
    <message numerus="yes">
        <source>By rule, %n times</source>
        <translation>
            <numerusform>按规则，共 %n 次</numerusform>
        </translation>
    </message>
    <message>
        <source>By rule</source>
        <translation>按规则</translation>
    </message>
    <message>
        <source>For ever</source>
        <translation>永久</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>地址</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>原因</translation>
    </message>
    <message>
        <source>Set</source>
        <translation>来源</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始时间</translation>
    </message>
    <message>
        <source>Time left</source>
        <translation>剩余时间</translation>
    </message>
</context>
<context>
    <name>spillway::ui::BansPage</name>
    <message>
        <source>Bans</source>
        <translation>封禁</translation>
    </message>
    <message>
        <source>Filter bans</source>
        <translation>筛选封禁</translation>
    </message>
    <message>
        <source>Lift ban</source>
        <translation>解除封禁</translation>
    </message>
    <message>
        <source>Ban an address…</source>
        <translation>封禁地址…</translation>
    </message>
    <message>
        <source>Nobody is banned</source>
        <translation>没有封禁</translation>
    </message>
    <message>
        <source>Who guesses links or passwords is banned by itself for a while.
You can ban an address here, or a client on the page Transfers.</source>
        <translation>猜测链接或密码者会被自动封禁一段时间。
您可以在这里封禁地址，或在“传输”页封禁客户端。</translation>
    </message>
    <message numerus="yes">
        <source>By rule: %n different failures within %1 ban an address for %2, each time twice as long, up to %3.</source>
        <translation>
            <numerusform>按规则：%1内出现 %n 次不同的失败，地址将被封禁 %2；每次时长加倍，最长 %3。</numerusform>
        </translation>
    </message>
    <message>
        <source>Nobody is banned by rule (bans.threshold is 0).</source>
        <translation>不按规则封禁任何地址（bans.threshold 为 0）。</translation>
    </message>
    <message>
        <source>this machine</source>
        <translation>本机</translation>
    </message>
    <message>
        <source>Never banned by rule: %1. The setting bans.never holds this list.</source>
        <translation>从不按规则封禁：%1。此列表在设置 bans.never 中。</translation>
    </message>
    <message>
        <source>Copy address</source>
        <translation>复制地址</translation>
    </message>
    <message>
        <source>%1 copied</source>
        <translation>%1 已复制</translation>
    </message>
</context>
<context>
    <name>spillway::ui::BrowseModel</name>
    <message>
        <source>Folder</source>
        <translation>文件夹</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
</context>
<context>
    <name>spillway::ui::CommandPalette</name>
    <message>
        <source>Go to anything</source>
        <translation>前往任意位置</translation>
    </message>
    <message>
        <source>Go to a page, share, link, client, setting or file</source>
        <translation>前往页面、共享、链接、客户端、设置或文件</translation>
    </message>
    <message>
        <source>What was found</source>
        <translation>搜索结果</translation>
    </message>
    <message>
        <source>Copy this link</source>
        <translation>复制此链接</translation>
    </message>
    <message>
        <source>Copy a new link</source>
        <translation>复制新链接</translation>
    </message>
</context>
<context>
    <name>spillway::ui::ComputerGroup</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>When the window is closed</source>
        <translation>关闭窗口时</translation>
    </message>
    <message>
        <source>Links only work while the server runs.</source>
        <translation>只有服务器运行时链接才有效。</translation>
    </message>
    <message>
        <source>Ask</source>
        <translation>询问</translation>
    </message>
    <message>
        <source>Keep serving in the background</source>
        <translation>在后台继续服务</translation>
    </message>
    <message>
        <source>Stop the server</source>
        <translation>停止服务器</translation>
    </message>
    <message>
        <source>Stay awake while files are sent</source>
        <translation>发送文件时保持唤醒</translation>
    </message>
    <message>
        <source>The computer does not suspend during a download.</source>
        <translation>下载期间电脑不会休眠。</translation>
    </message>
    <message>
        <source>Say when a download has finished</source>
        <translation>下载完成时通知</translation>
    </message>
    <message>
        <source>While the window is not in front.</source>
        <translation>窗口不在前台时。</translation>
    </message>
    <message>
        <source>Start with the desktop</source>
        <translation>随桌面启动</translation>
    </message>
    <message>
        <source>In the background, after you have signed in.</source>
        <translation>登录后在后台启动。</translation>
    </message>
    <message>
        <source>Keep running as a service</source>
        <translation>作为服务持续运行</translation>
    </message>
    <message>
        <source>Without the window, also when nobody is signed in. The window takes over while it is open.</source>
        <translation>没有窗口，无人登录时也运行。打开窗口时由窗口接管。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::ConnectDialog</name>
    <message>
        <source>Connect to a server</source>
        <translation>连接到服务器</translation>
    </message>
    <message>
        <source>Paste an invite, or type an address</source>
        <translation>粘贴邀请，或输入地址</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>服务器</translation>
    </message>
    <message>
        <source>A token with the scope admin</source>
        <translation>具有 admin 权限的令牌</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>On the server, &lt;b&gt;spillway console invite&lt;/b&gt; prints an invite: one line that holds everything.</source>
        <translation>在服务器上运行 &lt;b&gt;spillway console invite&lt;/b&gt; 会打印一份邀请：一行就包含所需的一切。</translation>
    </message>
    <message>
        <source>Nobody that this computer trusts vouches for this server. Compare its fingerprint (SHA-256) with the one that the server&apos;s log shows; if they are the same, it is the right one.</source>
        <translation>此电脑信任的机构都没有为这台服务器作证。请将其指纹（SHA-256）与服务器日志中显示的对照；如果相同，就是正确的服务器。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Connect</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>Connecting to %1…</source>
        <translation>正在连接 %1…</translation>
    </message>
    <message>
        <source>This server shows another certificate than before. Where nobody has replaced it, somebody may stand in between.</source>
        <translation>此服务器出示的证书与以前不同。如果没有人更换过证书，可能有人在中间冒充。</translation>
    </message>
    <message>
        <source>Trust and connect</source>
        <translation>信任并连接</translation>
    </message>
    <message>
        <source>The server does not take this token.</source>
        <translation>服务器不接受此令牌。</translation>
    </message>
    <message>
        <source>There is no connection to this server.</source>
        <translation>无法连接到此服务器。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Console</name>
    <message>
        <source>Appearance</source>
        <translation>外观</translation>
    </message>
    <message>
        <source>As the desktop</source>
        <translation>跟随桌面</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>浅色</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>深色</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>语言</translation>
    </message>
    <message>
        <source>Stop the server and quit</source>
        <translation>停止服务器并退出</translation>
    </message>
    <message>
        <source>Keep serving in the background?</source>
        <translation>要在后台继续提供服务吗？</translation>
    </message>
    <message>
        <source>Links only work while Spillway runs. Running downloads are finished first when it stops.</source>
        <translation>只有 Spillway 运行时链接才有效。停止时会先完成正在进行的下载。</translation>
    </message>
    <message>
        <source>Keep serving</source>
        <translation>继续服务</translation>
    </message>
    <message>
        <source>Stop and quit</source>
        <translation>停止并退出</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>取消</translation>
    </message>
    <message>
        <source>Do not ask again</source>
        <translation>不再询问</translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>这台电脑</translation>
    </message>
    <message>
        <source>Go to anything…</source>
        <translation>前往任意位置…</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>退出</translation>
    </message>
    <message>
        <source>Connect to a server…</source>
        <translation>连接到服务器…</translation>
    </message>
    <message>
        <source>Forget this server</source>
        <translation>忘记此服务器</translation>
    </message>
    <message>
        <source>This desktop has no keychain, so the token is known until Spillway ends</source>
        <translation>此桌面没有密钥环，令牌只保留到 Spillway 退出为止</translation>
    </message>
</context>
<context>
    <name>spillway::ui::EditLinkDialog</name>
    <message>
        <source>Rules of the link</source>
        <translation>链接规则</translation>
    </message>
    <message>
        <source>To</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>They hold at once; the address stays.</source>
        <translation>立即生效；地址不变。</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Show the other&apos;s change</source>
        <translation>显示对方的更改</translation>
    </message>
    <message>
        <source>Save mine all the same</source>
        <translation>仍然保存我的更改</translation>
    </message>
    <message>
        <source>Another console or command changed this link meanwhile; nothing was saved. It is now: %1.</source>
        <translation>另一个控制台或命令在此期间更改了此链接；未保存任何内容。现在是：%1。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::FilesModel</name>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>In</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>大小</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>修改时间</translation>
    </message>
</context>
<context>
    <name>spillway::ui::FolderPicker</name>
    <message>
        <source>Share a folder of %1</source>
        <translation>共享 %1 上的文件夹</translation>
    </message>
    <message>
        <source>Share a file of %1</source>
        <translation>共享 %1 上的文件</translation>
    </message>
    <message>
        <source>It is on the disks of %1 already; a link to it will be in your clipboard.</source>
        <translation>它已经在 %1 的磁盘上；指向它的链接会放入剪贴板。</translation>
    </message>
    <message>
        <source>Folders that %1 shares from</source>
        <translation>%1 可以从中共享的文件夹</translation>
    </message>
    <message>
        <source>Its whole path</source>
        <translation>完整路径</translation>
    </message>
    <message>
        <source>Share it and copy its link</source>
        <translation>共享并复制链接</translation>
    </message>
    <message>
        <source>%1 names no folders that can be shared from elsewhere. Whoever runs it names them on its own machine, in the setting share_roots: spillway config set share_roots /srv/files</source>
        <translation>%1 没有指定可以从其他机器共享的文件夹。请管理员在服务器本机上用设置 share_roots 指定：spillway config set share_roots /srv/files</translation>
    </message>
    <message>
        <source>There are more than the %1 that are shown. Write the path of another one below.</source>
        <translation>还有更多，这里只显示 %1 个。其他的请在下面输入路径。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::FolderTreeModel</name>
    <message>
        <source>Public share</source>
        <translation>公开的共享</translation>
    </message>
    <message>
        <source>Private share</source>
        <translation>私有的共享</translation>
    </message>
</context>
<context>
    <name>spillway::ui::HeaderBar</name>
    <message>
        <source>Copy the server&apos;s address</source>
        <translation>复制服务器地址</translation>
    </message>
    <message>
        <source>What is sent now</source>
        <translation>当前发送速率</translation>
    </message>
    <message>
        <source>The server&apos;s address is in the clipboard</source>
        <translation>服务器地址已复制到剪贴板</translation>
    </message>
    <message numerus="yes">
        <source>%n download(s)</source>
        <translation>
            <numerusform>%n 个下载</numerusform>
        </translation>
    </message>
    <message>
        <source>Mode: %1</source>
        <translation>模式：%1</translation>
    </message>
    <message>
        <source>What they turn off…</source>
        <translation>各模式关闭什么…</translation>
    </message>
    <message>
        <source>The server that this window shows</source>
        <translation>此窗口所显示的服务器</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LimitControl</name>
    <message>
        <source>The limits of %1 are removed</source>
        <translation>已移除 %1 的限制</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤消</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LimitDetails</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Instead of what holds for the others; a field without a limit falls back to that.</source>
        <translation>代替对其他对象的规定；未设限制的项沿用一般规定。</translation>
    </message>
    <message>
        <source>Over all that this server sends.</source>
        <translation>此服务器发送的全部内容。</translation>
    </message>
    <message>
        <source>Over all that one share sends, where it has no row of its own.</source>
        <translation>单个共享发送的全部内容（没有单独一行的共享）。</translation>
    </message>
    <message>
        <source>Over all that comes with one token, where it has no row of its own.</source>
        <translation>使用单个令牌的全部内容（没有单独一行的令牌）。</translation>
    </message>
    <message>
        <source>Over all downloads of one link, where it has no row of its own.</source>
        <translation>单个链接的全部下载（没有单独一行的链接）。</translation>
    </message>
    <message>
        <source>Over all that one address takes (IPv6: one /64), where it has no row of its own.</source>
        <translation>单个地址（IPv6：一个 /64）取走的全部内容（没有单独一行的地址）。</translation>
    </message>
    <message>
        <source>For every single connection.</source>
        <translation>针对每一个连接。</translation>
    </message>
    <message>
        <source>A further one is answered 429.</source>
        <translation>超出者得到 429。</translation>
    </message>
    <message>
        <source>Requests at once</source>
        <translation>一次可连续请求</translation>
    </message>
    <message>
        <source>Before the rate counts; usually a second&apos;s worth.</source>
        <translation>在计速之前；通常为一秒的量。</translation>
    </message>
    <message>
        <source>Downloads at a time</source>
        <translation>同时下载数</translation>
    </message>
    <message>
        <source>A further one waits in line.</source>
        <translation>超出者排队等候。</translation>
    </message>
    <message>
        <source>Length of the line</source>
        <translation>队列长度</translation>
    </message>
    <message>
        <source>Who does not fit in is answered 503; usually 1,024.</source>
        <translation>排不下者得到 503；通常为 1,024。</translation>
    </message>
    <message>
        <source>Longest wait in line</source>
        <translation>最长排队时间</translation>
    </message>
    <message>
        <source>Then 503; usually 30 s.</source>
        <translation>之后得到 503；通常为 30 秒。</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>A further one is answered 503.</source>
        <translation>超出者得到 503。</translation>
    </message>
    <message>
        <source>As usual</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>None</source>
        <translation>未设</translation>
    </message>
    <message>
        <source>Priority: %1</source>
        <translation>优先级：%1</translation>
    </message>
    <message>
        <source>Where a level is full, high takes four times what low takes. The innermost row that says one counts.</source>
        <translation>某一层用满时，“高”得到的是“低”的四倍。以最内层给出的优先级为准。</translation>
    </message>
    <message>
        <source>%1 run here now, %2 wait in line</source>
        <translation>%1 个进行中，%2 个排队</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LimitsModel</name>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>%1/s</source>
        <translation>%1/秒</translation>
    </message>
    <message>
        <source>%1, %2 at once</source>
        <translation>%1，一次 %2 个</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待</numerusform>
        </translation>
    </message>
    <message>
        <source>Whole server</source>
        <translation>整个服务器</translation>
    </message>
    <message>
        <source>Each share</source>
        <translation>每个共享</translation>
    </message>
    <message>
        <source>Each token</source>
        <translation>每个令牌</translation>
    </message>
    <message>
        <source>Each link</source>
        <translation>每个链接</translation>
    </message>
    <message>
        <source>Each client</source>
        <translation>每个客户端</translation>
    </message>
    <message>
        <source>Each connection</source>
        <translation>每个连接</translation>
    </message>
    <message>
        <source>High</source>
        <translation>高</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>普通</translation>
    </message>
    <message>
        <source>Low</source>
        <translation>低</translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>Holds for everyone here who has no row of their own</source>
        <translation>适用于没有单独一行的所有对象</translation>
    </message>
    <message>
        <source>For</source>
        <translation>对象</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>带宽</translation>
    </message>
    <message>
        <source>Now</source>
        <translation>当前</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LimitsPage</name>
    <message>
        <source>Limits</source>
        <translation>限制</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>移除</translation>
    </message>
    <message>
        <source>Add limit…</source>
        <translation>添加限制…</translation>
    </message>
    <message>
        <source>Bandwidth of %1</source>
        <translation>%1 的带宽</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting in line</source>
        <translation>
            <numerusform>%n 个排队</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 each</source>
        <translation>每个 %1</translation>
    </message>
    <message>
        <source>Nobody waits in line</source>
        <translation>无人排队</translation>
    </message>
    <message>
        <source>Remove all limits here</source>
        <translation>移除此处的所有限制</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinkDetails</name>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>In</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载次数</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Edit…</source>
        <translation>编辑…</translation>
    </message>
    <message>
        <source>Recipients</source>
        <translation>接收者</translation>
    </message>
    <message>
        <source>Nobody has taken it yet</source>
        <translation>还没有人取走</translation>
    </message>
    <message numerus="yes">
        <source>Taken by (the newest %n)</source>
        <translation>
            <numerusform>取走者（最近 %n 个）</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>Taken by %n recipient(s)</source>
        <translation>
            <numerusform>%n 个接收者</numerusform>
        </translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Asked for first</source>
        <translation>需要先输入</translation>
    </message>
    <message>
        <source>Only from</source>
        <translation>仅限来自</translation>
    </message>
    <message>
        <source>At most</source>
        <translation>最多</translation>
    </message>
    <message>
        <source>At a time</source>
        <translation>同时</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinkRulesForm</name>
    <message>
        <source>More rules</source>
        <translation>更多规则</translation>
    </message>
    <message>
        <source>As the settings say</source>
        <translation>按设置</translation>
    </message>
    <message>
        <source>1 hour</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>7 days</source>
        <translation>7 天</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 年</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>As often as wanted</source>
        <translation>不限次数</translation>
    </message>
    <message>
        <source>Once</source>
        <translation>一次</translation>
    </message>
    <message>
        <source>3 times</source>
        <translation>3 次</translation>
    </message>
    <message>
        <source>10 times</source>
        <translation>10 次</translation>
    </message>
    <message>
        <source>100 times</source>
        <translation>100 次</translation>
    </message>
    <message>
        <source>None</source>
        <translation>无</translation>
    </message>
    <message>
        <source>Take the password away</source>
        <translation>取消密码</translation>
    </message>
    <message>
        <source>A word to whoever gets the link; its page shows it</source>
        <translation>给链接接收者的话；显示在链接页面上</translation>
    </message>
    <message>
        <source>Expires after</source>
        <translation>有效期</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载次数</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>密码</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>备注</translation>
    </message>
    <message>
        <source>Everywhere, or 192.168.1.0/24, 2001:db8::/32</source>
        <translation>任何地方，或 192.168.1.0/24、2001:db8::/32</translation>
    </message>
    <message>
        <source>As fast as it goes</source>
        <translation>不限速</translation>
    </message>
    <message>
        <source>Any number</source>
        <translation>不限数量</translation>
    </message>
    <message>
        <source>Browsers show a page with name and size first</source>
        <translation>浏览器先显示带名称和大小的页面</translation>
    </message>
    <message>
        <source>Only from</source>
        <translation>仅限来自</translation>
    </message>
    <message>
        <source>In all at most</source>
        <translation>总速率上限</translation>
    </message>
    <message>
        <source>At a time</source>
        <translation>同时</translation>
    </message>
    <message>
        <source>As it is: until %1</source>
        <translation>保持不变：至 %1</translation>
    </message>
    <message>
        <source>As it is: never</source>
        <translation>保持不变：永不</translation>
    </message>
    <message>
        <source>As it is</source>
        <translation>保持不变</translation>
    </message>
    <message>
        <source>How long? A number and a unit, as &quot;36 h&quot; or &quot;7 days&quot;.</source>
        <translation>多长时间？请输入数字和单位，例如 “36 h” 或 “7 days”。</translation>
    </message>
    <message>
        <source>How often? A whole number, as &quot;5&quot;.</source>
        <translation>多少次？请输入整数，例如 “5”。</translation>
    </message>
    <message>
        <source>How fast? A number and a unit, as &quot;2 MB/s&quot;.</source>
        <translation>多快？请输入数字和单位，例如 “2 MB/s”。</translation>
    </message>
    <message>
        <source>How many at a time? A whole number, as &quot;2&quot;.</source>
        <translation>同时多少个？请输入整数，例如 “2”。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinksModel</name>
    <message>
        <source>Active</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Used up</source>
        <translation>已用完</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>Key retired</source>
        <translation>密钥已停用</translation>
    </message>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>还剩 %1</translation>
    </message>
    <message>
        <source>until %1</source>
        <translation>至 %1</translation>
    </message>
    <message>
        <source>at most %1×</source>
        <translation>最多 %1 次</translation>
    </message>
    <message>
        <source>password</source>
        <translation>密码</translation>
    </message>
    <message numerus="yes">
        <source>%n address block(s)</source>
        <translation>
            <numerusform>%n 个地址段</numerusform>
        </translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>In</source>
        <translation>位置</translation>
    </message>
    <message>
        <source>Rules</source>
        <translation>规则</translation>
    </message>
    <message>
        <source>Downloads</source>
        <translation>下载次数</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
    <message>
        <source>%1 at a time</source>
        <translation>同时 %1 个</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LinksPage</name>
    <message>
        <source>Links</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Filter links</source>
        <translation>筛选链接</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>New link…</source>
        <translation>新建链接…</translation>
    </message>
    <message>
        <source>No links yet</source>
        <translation>还没有链接</translation>
    </message>
    <message>
        <source>A link lets somebody fetch a file or folder without an account.
Drop a file anywhere on this window, or make one here.</source>
        <translation>有了链接，别人无需账号即可下载文件或文件夹。
把文件拖到窗口任意位置，或在此新建链接。</translation>
    </message>
    <message>
        <source>Edit rules…</source>
        <translation>编辑规则…</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LogModel</name>
    <message>
        <source>Time</source>
        <translation>时间</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Request</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
</context>
<context>
    <name>spillway::ui::LogPage</name>
    <message>
        <source>Log &amp; audit</source>
        <translation>日志与审计</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Changes</source>
        <translation>更改</translation>
    </message>
    <message>
        <source>Filter the log</source>
        <translation>筛选日志</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>跟随</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>导出…</translation>
    </message>
    <message>
        <source>Verify</source>
        <translation>校验</translation>
    </message>
    <message>
        <source>Tell whether a line of the audit log was changed, removed or cut off</source>
        <translation>检查审计日志是否有行被修改、删除或截断</translation>
    </message>
</context>
<context>
    <name>spillway::ui::MainWindow</name>
    <message>
        <source>Choose a folder to share</source>
        <translation>选择要共享的文件夹</translation>
    </message>
    <message>
        <source>Choose files to share</source>
        <translation>选择要共享的文件</translation>
    </message>
    <message>
        <source>Drop it to share it: a link to it will be in your clipboard</source>
        <translation>松开即可共享：链接会复制到剪贴板</translation>
    </message>
    <message numerus="yes">
        <source>Drop them to share them: %n link(s) will be in your clipboard</source>
        <translation>
            <numerusform>松开即可共享：%n 个链接会复制到剪贴板</numerusform>
        </translation>
    </message>
    <message>
        <source>Page</source>
        <translation>页面</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>操作</translation>
    </message>
    <message>
        <source>New link…</source>
        <translation>新建链接…</translation>
    </message>
    <message>
        <source>Share a folder…</source>
        <translation>共享文件夹…</translation>
    </message>
    <message>
        <source>Share files…</source>
        <translation>共享文件…</translation>
    </message>
    <message>
        <source>Copy the server&apos;s address</source>
        <translation>复制服务器地址</translation>
    </message>
    <message>
        <source>The server&apos;s address is in the clipboard</source>
        <translation>服务器地址已在剪贴板中</translation>
    </message>
    <message>
        <source>Resume downloads</source>
        <translation>恢复下载</translation>
    </message>
    <message>
        <source>Pause new downloads</source>
        <translation>暂停新下载</translation>
    </message>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Downloads now</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>These files are on this computer, and %1 shares only what is on its own disks. Copy them there first.</source>
        <translation>这些文件在本机上，而 %1 只能共享它自己磁盘上的内容。请先把文件复制到那里。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::ModeRow</name>
    <message>
        <source>Only by hand.</source>
        <translation>只能手动设置。</translation>
    </message>
    <message>
        <source>What decides about %1</source>
        <translation>“%1”由什么决定</translation>
    </message>
    <message>
        <source>on, set by hand</source>
        <translation>开，手动设置</translation>
    </message>
    <message>
        <source>on by its rule: %1</source>
        <translation>按规则开启：%1</translation>
    </message>
    <message>
        <source>held off, although its rule wants it</source>
        <translation>规则要求开启，但已手动关闭</translation>
    </message>
    <message>
        <source>never by itself</source>
        <translation>从不自动开启</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>自 %1 起</translation>
    </message>
    <message>
        <source>Its rule decides</source>
        <translation>由规则决定</translation>
    </message>
    <message>
        <source>On, whatever its rule says</source>
        <translation>始终开启</translation>
    </message>
    <message>
        <source>Never, whatever its rule says</source>
        <translation>始终关闭</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Modes</name>
    <message>
        <source>Normal</source>
        <translation>正常</translation>
    </message>
    <message>
        <source>Everything is on.</source>
        <translation>一切功能都开启。</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>已暂停</translation>
    </message>
    <message>
        <source>No new downloads; running ones finish.</source>
        <translation>不接受新下载；正在进行的会完成。</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>节省</translation>
    </message>
    <message>
        <source>No folder pages, no folder ZIPs, no search; one request of ten is logged. Files are sent as ever.</source>
        <translation>没有文件夹页面、文件夹 ZIP 和搜索；每十个请求只记录一个。文件照常发送。</translation>
    </message>
    <message>
        <source>On by itself while one of these is over its limit for 10 seconds.</source>
        <translation>以下任何一项超过上限 10 秒即自动开启。</translation>
    </message>
    <message>
        <source>Read-only</source>
        <translation>只读</translation>
    </message>
    <message>
        <source>No new links, no changes to shares, tokens and limits. Downloads go on and are counted.</source>
        <translation>不能新建链接，不能更改共享、令牌和限制。下载照常进行并计数。</translation>
    </message>
    <message>
        <source>On by itself while the disk of the data folder is nearly full.</source>
        <translation>数据文件夹所在磁盘快满时自动开启。</translation>
    </message>
    <message>
        <source>Catalog down</source>
        <translation>目录不可用</translation>
    </message>
    <message>
        <source>Nothing is read from or written to the catalog: links seen lately still work, others wait.</source>
        <translation>不读写目录：近期用过的链接仍然有效，其余须等待。</translation>
    </message>
    <message>
        <source>On by itself when half of the catalog&apos;s answers fail for 30 seconds.</source>
        <translation>目录的回答在 30 秒内有一半失败时自动开启。</translation>
    </message>
    <message>
        <source>Ending</source>
        <translation>正在结束</translation>
    </message>
    <message>
        <source>No new connections; running downloads have until the deadline, then the server ends.</source>
        <translation>不接受新连接；正在进行的下载可持续到期限，然后服务器结束。</translation>
    </message>
    <message>
        <source>Free disk %1, at least %2</source>
        <translation>磁盘剩余 %1，至少 %2</translation>
    </message>
    <message>
        <source>Waiting time of downloads %1 of %2</source>
        <translation>下载等待时间 %1，上限 %2</translation>
    </message>
    <message>
        <source>Processor</source>
        <translation>处理器</translation>
    </message>
    <message>
        <source>Memory</source>
        <translation>内存</translation>
    </message>
    <message>
        <source>Open files</source>
        <translation>打开的文件</translation>
    </message>
    <message>
        <source>%1 %2 of %3</source>
        <comment>a measure, its value and its limit</comment>
        <translation>%1 %2，上限 %3</translation>
    </message>
    <message>
        <source>This holds until the server ends: %1</source>
        <translation>这只在服务器结束之前有效：%1</translation>
    </message>
    <message>
        <source>Mode: %1</source>
        <translation>模式：%1</translation>
    </message>
    <message>
        <source>%1: never by itself</source>
        <translation>%1：从不自动开启</translation>
    </message>
    <message>
        <source>%1: off</source>
        <translation>%1：关</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
</context>
<context>
    <name>spillway::ui::NewLinkDialog</name>
    <message>
        <source>New link</source>
        <translation>新建链接</translation>
    </message>
    <message>
        <source>share/path, or choose</source>
        <translation>共享名/路径，或选择文件</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>选择…</translation>
    </message>
    <message>
        <source>Choose a file in a share</source>
        <translation>选择共享中的文件</translation>
    </message>
    <message>
        <source>To</source>
        <translation>目标</translation>
    </message>
    <message>
        <source>Create and copy link</source>
        <translation>创建并复制链接</translation>
    </message>
    <message>
        <source>Copy again</source>
        <translation>再次复制</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>Link copied</source>
        <translation>链接已复制</translation>
    </message>
    <message>
        <source>The link to %1 is in your clipboard.</source>
        <translation>“%1”的链接已在剪贴板中。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::NewTokenDialog</name>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>完成</translation>
    </message>
    <message>
        <source>New token</source>
        <translation>新建令牌</translation>
    </message>
    <message>
        <source>Who or what uses it, as &quot;build server&quot;</source>
        <translation>使用者，例如“构建服务器”</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>Download files of its shares</source>
        <translation>下载其共享中的文件</translation>
    </message>
    <message>
        <source>List their folders</source>
        <translation>列出其文件夹</translation>
    </message>
    <message>
        <source>Make and change links to them</source>
        <translation>创建和修改指向它们的链接</translation>
    </message>
    <message>
        <source>Watch the server: status, metrics, lists</source>
        <translation>查看服务器：状态、指标、列表</translation>
    </message>
    <message>
        <source>Administer the server: everything this window can do</source>
        <translation>管理服务器：此窗口能做的一切</translation>
    </message>
    <message>
        <source>May</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>All shares, those to come too</source>
        <translation>所有共享，包括以后新增的</translation>
    </message>
    <message>
        <source>Shares</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>1 day</source>
        <translation>1 天</translation>
    </message>
    <message>
        <source>30 days</source>
        <translation>30 天</translation>
    </message>
    <message>
        <source>90 days</source>
        <translation>90 天</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 年</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Expires after</source>
        <translation>有效期</translation>
    </message>
    <message>
        <source>Create token</source>
        <translation>创建令牌</translation>
    </message>
    <message>
        <source>Copy it now: nobody can show it again, this window neither. A program sends it as &quot;Authorization: Bearer …&quot;.</source>
        <translation>请立即复制：之后无法再次显示，此窗口也不行。程序以 “Authorization: Bearer …” 发送它。</translation>
    </message>
    <message>
        <source>Copy token</source>
        <translation>复制令牌</translation>
    </message>
    <message>
        <source>The token is in the clipboard</source>
        <translation>令牌已在剪贴板中</translation>
    </message>
    <message>
        <source>How long? A number and a unit, as &quot;36 h&quot; or &quot;7 days&quot;.</source>
        <translation>多长时间？请输入数字和单位，例如 “36 h” 或 “7 days”。</translation>
    </message>
    <message>
        <source>The token %1 is made.</source>
        <translation>令牌 %1 已创建。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::NodesPage</name>
    <message>
        <source>Nodes &amp; modes</source>
        <translation>节点与模式</translation>
    </message>
    <message>
        <source>Modes</source>
        <translation>模式</translation>
    </message>
    <message>
        <source>A mode turns some things off so that the rest goes on. The server sets most by itself; you can set them by hand.</source>
        <translation>模式会关闭部分功能，让其余功能继续。大多由服务器自动设置；你也可以手动设置。</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>就绪</translation>
    </message>
    <message>
        <source>not ready: %1</source>
        <translation>未就绪：%1</translation>
    </message>
    <message>
        <source>Version %1</source>
        <translation>版本 %1</translation>
    </message>
    <message>
        <source>up for %1</source>
        <translation>已运行 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n worker thread(s)</source>
        <translation>
            <numerusform>%n 个工作线程</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s)</source>
        <translation>
            <numerusform>%n 个连接</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 sent</source>
        <translation>已发送 %1</translation>
    </message>
</context>
<context>
    <name>spillway::ui::OverviewPage</name>
    <message>
        <source>Overview</source>
        <translation>概览</translation>
    </message>
    <message>
        <source>Sending</source>
        <translation>发送速率</translation>
    </message>
    <message>
        <source>Requests</source>
        <translation>请求</translation>
    </message>
    <message>
        <source>Downloads running</source>
        <translation>正在下载</translation>
    </message>
    <message>
        <source>Slowest 1 % of answers</source>
        <translation>最慢 1% 的响应</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>发送</translation>
    </message>
    <message>
        <source>Requests a second</source>
        <translation>每秒请求数</translation>
    </message>
    <message>
        <source>answered</source>
        <translation>成功</translation>
    </message>
    <message>
        <source>redirected, unchanged</source>
        <translation>重定向、未更改</translation>
    </message>
    <message>
        <source>refused</source>
        <translation>被拒绝</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失败</translation>
    </message>
    <message>
        <source>Connections</source>
        <translation>连接</translation>
    </message>
    <message>
        <source>open</source>
        <translation>已打开</translation>
    </message>
    <message>
        <source>downloading</source>
        <translation>下载中</translation>
    </message>
    <message>
        <source>Time of an answer</source>
        <translation>响应时间</translation>
    </message>
    <message>
        <source>half</source>
        <translation>中位数</translation>
    </message>
    <message>
        <source>1 min</source>
        <translation>1 分钟</translation>
    </message>
    <message>
        <source>1 h</source>
        <translation>1 小时</translation>
    </message>
    <message>
        <source>24 h</source>
        <translation>24 小时</translation>
    </message>
    <message>
        <source>%1 since the start</source>
        <translation>启动以来 %1</translation>
    </message>
    <message>
        <source>%1 /s</source>
        <comment>requests a second</comment>
        <translation>%1 次/秒</translation>
    </message>
    <message numerus="yes">
        <source>%n connection(s) open</source>
        <translation>
            <numerusform>%n 个连接</numerusform>
        </translation>
    </message>
    <message>
        <source>half within %1</source>
        <translation>半数在 %1 以内</translation>
    </message>
    <message>
        <source>Files found open in the cache</source>
        <translation>在缓存中找到的已打开文件</translation>
    </message>
</context>
<context>
    <name>spillway::ui::QrView</name>
    <message>
        <source>QR code of the link</source>
        <translation>链接的二维码</translation>
    </message>
</context>
<context>
    <name>spillway::ui::ReceiptsModel</name>
    <message>
        <source>%1, from %2 to %3</source>
        <translation>%1，从 %2 到 %3</translation>
    </message>
    <message>
        <source>%1 of %2 arrived</source>
        <translation>已送达 %1 / %2</translation>
    </message>
    <message numerus="yes">
        <source>and %n more file(s)</source>
        <translation>
            <numerusform>以及另外 %n 个文件</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>Recipient</source>
        <translation>接收者</translation>
    </message>
    <message>
        <source>Arrived</source>
        <translation>已送达</translation>
    </message>
</context>
<context>
    <name>spillway::ui::ScaleField</name>
    <message>
        <source>No limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>This is not understood. Try &quot;%1&quot;, or leave it empty for no limit.</source>
        <translation>无法理解。请试试 “%1”，或留空表示无限制。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Session</name>
    <message>
        <source>Link to %1 copied</source>
        <translation>“%1”的链接已复制</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤消</translation>
    </message>
    <message>
        <source>This link has no address any more: its key is retired.</source>
        <translation>此链接已没有地址：其密钥已停用。</translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) revoked</source>
        <translation>
            <numerusform>已撤销 %n 个链接</numerusform>
        </translation>
    </message>
    <message>
        <source>Everybody who can reach this machine can read %1</source>
        <translation>所有能访问这台机器的人都可以读取 %1</translation>
    </message>
    <message>
        <source>%1 needs a link now</source>
        <translation>%1 现在需要链接才能访问</translation>
    </message>
    <message>
        <source>%1 will not be shared any more in 10 seconds; its files stay</source>
        <translation>%1 将在 10 秒后停止共享；文件会保留</translation>
    </message>
    <message numerus="yes">
        <source>%n transfer(s) ended</source>
        <translation>
            <numerusform>已结束 %n 个传输</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 is shared; its link is in the clipboard</source>
        <translation>“%1”已共享，链接已复制到剪贴板</translation>
    </message>
    <message numerus="yes">
        <source>%n link(s) are in the clipboard</source>
        <translation>
            <numerusform>%n 个链接已复制到剪贴板</numerusform>
        </translation>
    </message>
    <message>
        <source>Link to %1 copied (%2)</source>
        <translation>指向 %1 的链接已复制（%2）</translation>
    </message>
    <message>
        <source>The link to %1 is changed</source>
        <translation>指向 %1 的链接已修改</translation>
    </message>
</context>
<context>
    <name>spillway::ui::SettingField</name>
    <message>
        <source>is set; type to replace it</source>
        <translation>已设置；输入以替换</translation>
    </message>
    <message>
        <source>not set</source>
        <translation>未设置</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>单位</translation>
    </message>
    <message>
        <source>Port</source>
        <translation>端口</translation>
    </message>
</context>
<context>
    <name>spillway::ui::SettingRow</name>
    <message>
        <source>%1 to %2</source>
        <comment>a range</comment>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Default</source>
        <translation>默认</translation>
    </message>
    <message>
        <source>default %1</source>
        <translation>默认 %1</translation>
    </message>
    <message>
        <source>empty: %1</source>
        <translation>留空：%1</translation>
    </message>
    <message>
        <source>0: %1</source>
        <translation>0：%1</translation>
    </message>
    <message>
        <source>Fixed by %1</source>
        <translation>由 %1 固定</translation>
    </message>
    <message>
        <source>Not saved · needs a restart</source>
        <translation>未保存 · 需要重启</translation>
    </message>
    <message>
        <source>Not saved</source>
        <translation>未保存</translation>
    </message>
    <message>
        <source>Holds after a restart</source>
        <translation>重启后生效</translation>
    </message>
    <message>
        <source>A change needs a restart</source>
        <translation>更改需要重启</translation>
    </message>
    <message>
        <source>Another console changed it meanwhile. Save again to replace its value.</source>
        <translation>另一个控制台在此期间更改了它。再次保存将替换其值。</translation>
    </message>
    <message>
        <source>Another console made it %1 meanwhile. Save again to replace that, or discard your change.</source>
        <translation>另一个控制台在此期间将其改为 %1。再次保存将替换它，或放弃您的更改。</translation>
    </message>
    <message>
        <source>Changed on the server&apos;s own machine only</source>
        <translation>只能在服务器本机上更改</translation>
    </message>
</context>
<context>
    <name>spillway::ui::SettingsPage</name>
    <message>
        <source>Settings</source>
        <translation>设置</translation>
    </message>
    <message>
        <source>Search settings</source>
        <translation>搜索设置</translation>
    </message>
    <message>
        <source>Groups of settings</source>
        <translation>设置分组</translation>
    </message>
    <message>
        <source>Restart now</source>
        <translation>立即重启</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>放弃</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>保存</translation>
    </message>
    <message>
        <source>Kept in %1; what you wrote there stays.</source>
        <translation>保存在 %1；你在其中写的内容会保留。</translation>
    </message>
    <message>
        <source>No setting has “%1” in its name or description.</source>
        <translation>没有名称或说明中含“%1”的设置。</translation>
    </message>
    <message numerus="yes">
        <source>%n change(s) not saved</source>
        <translation>
            <numerusform>%n 项更改未保存</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n will hold after a restart</source>
        <translation>
            <numerusform>%n 项在重启后生效</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n saved change(s) hold after a restart. Running downloads are finished first.</source>
        <translation>
            <numerusform>%n 项已保存的更改在重启后生效。会先完成正在进行的下载。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n saved change(s) hold after a restart of the server.</source>
        <translation>
            <numerusform>%n 项已保存的更改在服务器重启后生效。</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n setting(s) saved</source>
        <translation>
            <numerusform>已保存 %n 项设置</numerusform>
        </translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>%1 is back to its default</source>
        <translation>%1 已恢复默认值</translation>
    </message>
</context>
<context>
    <name>spillway::ui::SharesPage</name>
    <message>
        <source>Shares</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Share a folder…</source>
        <translation>共享文件夹…</translation>
    </message>
    <message>
        <source>Drop a folder here</source>
        <translation>把文件夹拖到这里</translation>
    </message>
    <message>
        <source>Or files, anywhere on this window: they are shared at once,
and a link to them is in your clipboard.</source>
        <translation>也可以是文件，拖到窗口任意位置都行：会立即共享，
链接同时复制到剪贴板。</translation>
    </message>
    <message>
        <source>Search all shares</source>
        <translation>搜索所有共享</translation>
    </message>
    <message>
        <source>Share files…</source>
        <translation>共享文件…</translation>
    </message>
    <message>
        <source>Folders of all shares</source>
        <translation>所有共享的文件夹</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Copy link</source>
        <translation>复制链接</translation>
    </message>
    <message>
        <source>Link with rules…</source>
        <translation>带规则的链接…</translation>
    </message>
    <message>
        <source>Stop sharing</source>
        <translation>停止共享</translation>
    </message>
    <message>
        <source>This folder is empty.</source>
        <translation>此文件夹为空。</translation>
    </message>
    <message>
        <source>The first %1 entries. Search finds the others.</source>
        <translation>仅显示前 %1 项，其余可用搜索找到。</translation>
    </message>
    <message>
        <source>Nothing has such a name.</source>
        <translation>没有这样的名称。</translation>
    </message>
    <message>
        <source>The first %1 that were found. More letters find fewer.</source>
        <translation>仅显示前 %1 个结果，多输入几个字可缩小范围。</translation>
    </message>
    <message>
        <source>Found in all shares</source>
        <translation>在所有共享中找到</translation>
    </message>
    <message>
        <source>Copy link to this folder</source>
        <translation>复制此文件夹的链接</translation>
    </message>
    <message>
        <source>Public</source>
        <translation>公开</translation>
    </message>
    <message>
        <source>Private</source>
        <translation>私有</translation>
    </message>
    <message>
        <source>Everybody who can reach this machine can read it. Click to make it private.</source>
        <translation>所有能访问这台机器的人都可以读取。点击改为私有。</translation>
    </message>
    <message>
        <source>Only who has a link can read it. Click to make it public.</source>
        <translation>只有持有链接的人可以读取。点击改为公开。</translation>
    </message>
    <message>
        <source>Stop sharing %1</source>
        <translation>停止共享 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n file(s)</source>
        <translation>
            <numerusform>%n 个文件</numerusform>
        </translation>
    </message>
    <message>
        <source>reading names: %1 so far</source>
        <translation>正在读取名称：已有 %1 个</translation>
    </message>
    <message>
        <source>checksums: %1 %</source>
        <translation>校验和：%1%</translation>
    </message>
    <message>
        <source>the folder cannot be reached now</source>
        <translation>目前无法访问该文件夹</translation>
    </message>
    <message>
        <source>Open folder</source>
        <translation>打开文件夹</translation>
    </message>
    <message>
        <source>Show in its folder</source>
        <translation>在所在文件夹中显示</translation>
    </message>
    <message>
        <source>Make private</source>
        <translation>改为私有</translation>
    </message>
    <message>
        <source>Make public</source>
        <translation>改为公开</translation>
    </message>
    <message>
        <source>Nothing is shared yet</source>
        <translation>还没有共享任何内容</translation>
    </message>
    <message>
        <source>Choose a folder on the disks of %1: it is shared at once,
and a link to it is in your clipboard.</source>
        <translation>选择 %1 磁盘上的一个文件夹：它会立即共享，
并把链接放入剪贴板。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::ShortcutsDialog</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>键盘快捷键</translation>
    </message>
    <message>
        <source>Go to a page, share, link, client, setting or file</source>
        <translation>前往页面、共享、链接、客户端、设置或文件</translation>
    </message>
    <message>
        <source>%1 to %2</source>
        <comment>a range of keys</comment>
        <translation>%1 至 %2</translation>
    </message>
    <message>
        <source>Open a page</source>
        <translation>打开页面</translation>
    </message>
    <message>
        <source>New link</source>
        <translation>新建链接</translation>
    </message>
    <message>
        <source>Share a folder</source>
        <translation>共享文件夹</translation>
    </message>
    <message>
        <source>Filter or search the page</source>
        <translation>筛选或搜索页面</translation>
    </message>
    <message>
        <source>Copy the selected link</source>
        <translation>复制所选链接</translation>
    </message>
    <message>
        <source>Revoke, remove or end what is selected, with undo</source>
        <translation>撤销、移除或结束所选项，可撤销</translation>
    </message>
    <message>
        <source>Show this list</source>
        <translation>显示此列表</translation>
    </message>
    <message>
        <source>Close the window</source>
        <translation>关闭窗口</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>关闭</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Sidebar</name>
    <message>
        <source>View</source>
        <translation>视图</translation>
    </message>
</context>
<context>
    <name>spillway::ui::StaleBar</name>
    <message numerus="yes">
        <source>%n second(s)</source>
        <translation>
            <numerusform>%n 秒</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n minute(s)</source>
        <translation>
            <numerusform>%n 分钟</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n hour(s)</source>
        <translation>
            <numerusform>%n 小时</numerusform>
        </translation>
    </message>
    <message>
        <source>No connection to %1; trying again.</source>
        <translation>与 %1 失去连接；正在重试。</translation>
    </message>
    <message>
        <source>%1 shows a certificate that is not known here; nothing was sent to it.</source>
        <translation>%1 出示了此处不认识的证书；没有向它发送任何内容。</translation>
    </message>
    <message>
        <source>What you see is %1 old.</source>
        <translation>您看到的是 %1前的数据。</translation>
    </message>
    <message>
        <source>Look at it…</source>
        <translation>查看…</translation>
    </message>
    <message>
        <source>Enter a token…</source>
        <translation>输入令牌…</translation>
    </message>
    <message>
        <source>%1 no longer takes the token of this console: it was revoked, or its time is over. It is not tried again.</source>
        <translation>%1 不再接受此控制台的令牌：它已被撤销或已过期。不会再次尝试。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::SuspendInhibitor</name>
    <message>
        <source>Sending files</source>
        <translation>正在发送文件</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Toasts</name>
    <message>
        <source>Error</source>
        <translation>错误</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TokenControl</name>
    <message>
        <source>The token %1 is revoked</source>
        <translation>令牌 %1 已撤销</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TokensModel</name>
    <message>
        <source>Unknown</source>
        <translation>未知</translation>
    </message>
    <message>
        <source>Active</source>
        <translation>有效</translation>
    </message>
    <message>
        <source>Expired</source>
        <translation>已过期</translation>
    </message>
    <message>
        <source>Revoked</source>
        <translation>已撤销</translation>
    </message>
    <message>
        <source>All</source>
        <translation>全部</translation>
    </message>
    <message>
        <source>Never</source>
        <translation>永不</translation>
    </message>
    <message>
        <source>Download</source>
        <translation>下载</translation>
    </message>
    <message>
        <source>List</source>
        <translation>列出</translation>
    </message>
    <message>
        <source>Make links</source>
        <translation>创建链接</translation>
    </message>
    <message>
        <source>Watch the server</source>
        <translation>查看服务器</translation>
    </message>
    <message>
        <source>Administer</source>
        <translation>管理</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>名称</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状态</translation>
    </message>
    <message>
        <source>May</source>
        <translation>权限</translation>
    </message>
    <message>
        <source>Shares</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Last used</source>
        <translation>上次使用</translation>
    </message>
    <message>
        <source>Expires</source>
        <translation>到期</translation>
    </message>
    <message>
        <source>Created</source>
        <translation>创建时间</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TokensPage</name>
    <message>
        <source>Tokens</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Filter tokens</source>
        <translation>筛选令牌</translation>
    </message>
    <message>
        <source>Revoke…</source>
        <translation>撤销…</translation>
    </message>
    <message>
        <source>New token…</source>
        <translation>新建令牌…</translation>
    </message>
    <message>
        <source>No tokens yet</source>
        <translation>还没有令牌</translation>
    </message>
    <message>
        <source>A token lets a program download, make links or watch this server,
as far as you say, until you revoke it.</source>
        <translation>令牌让程序可以下载、创建链接或查看此服务器，
权限由您决定，直到您撤销它。</translation>
    </message>
    <message>
        <source>Revoke</source>
        <translation>撤销</translation>
    </message>
    <message>
        <source>Revoke the token %1?</source>
        <translation>撤销令牌 %1？</translation>
    </message>
    <message numerus="yes">
        <source>Revoke %n token(s)?</source>
        <translation>
            <numerusform>撤销 %n 个令牌？</numerusform>
        </translation>
    </message>
    <message>
        <source>Whoever uses it is refused from now on, and nobody can bring it back.</source>
        <translation>使用它的人从现在起会被拒绝，并且无法恢复。</translation>
    </message>
    <message numerus="yes">
        <source>%n running download(s) end.</source>
        <translation>
            <numerusform>%n 个正在进行的下载会结束。</numerusform>
        </translation>
    </message>
    <message>
        <source>Revoke %1</source>
        <translation>撤销 %1</translation>
    </message>
    <message numerus="yes">
        <source>Revoke %n token(s)</source>
        <translation>
            <numerusform>撤销 %n 个令牌</numerusform>
        </translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>保留</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TopLists</name>
    <message>
        <source>Link %1</source>
        <translation>链接 %1</translation>
    </message>
    <message>
        <source>not there any more</source>
        <translation>已不存在</translation>
    </message>
    <message>
        <source>%1 (ZIP)</source>
        <translation>%1（ZIP）</translation>
    </message>
    <message>
        <source>Top links</source>
        <translation>流量最多的链接</translation>
    </message>
    <message>
        <source>Nothing was downloaded by a link in this time.</source>
        <translation>这段时间内没有通过链接下载任何内容。</translation>
    </message>
    <message>
        <source>Top clients</source>
        <translation>流量最多的客户端</translation>
    </message>
    <message>
        <source>Nobody downloaded anything in this time.</source>
        <translation>这段时间内没有人下载任何内容。</translation>
    </message>
    <message>
        <source>Top files</source>
        <translation>流量最多的文件</translation>
    </message>
    <message>
        <source>No file was downloaded in this time.</source>
        <translation>这段时间内没有下载任何文件。</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TopRow</name>
    <message numerus="yes">
        <source>%1: %2, %n download(s)</source>
        <translation>
            <numerusform>%1：%2，%n 次下载</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransferDetails</name>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Rate over the last minute</source>
        <translation>最近一分钟的速率</translation>
    </message>
    <message>
        <source>End transfer</source>
        <translation>结束传输</translation>
    </message>
    <message>
        <source>Ban client…</source>
        <translation>封禁客户端…</translation>
    </message>
    <message>
        <source>Limits now, for</source>
        <translation>立即限制</translation>
    </message>
    <message>
        <source>Link</source>
        <translation>链接</translation>
    </message>
    <message>
        <source>Bandwidth</source>
        <translation>带宽</translation>
    </message>
    <message>
        <source>Priority: %1</source>
        <translation>优先级：%1</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>Since</source>
        <translation>开始于</translation>
    </message>
    <message>
        <source>Share</source>
        <translation>共享</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>加密</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Plain</source>
        <translation>明文</translation>
    </message>
    <message>
        <source>Path</source>
        <translation>路径</translation>
    </message>
    <message>
        <source>All that %1 takes</source>
        <translation>%1 取走的全部内容</translation>
    </message>
    <message>
        <source>All downloads of this link</source>
        <translation>此链接的全部下载</translation>
    </message>
    <message>
        <source>All that comes with this token</source>
        <translation>使用此令牌的全部内容</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransferGroupsModel</name>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Group</source>
        <translation>分组</translation>
    </message>
    <message>
        <source>Transfers</source>
        <translation>传输</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransferHistoryModel</name>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>Sent</source>
        <translation>已发送</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>用时</translation>
    </message>
    <message>
        <source>Finished</source>
        <translation>已完成</translation>
    </message>
    <message>
        <source>Cut off</source>
        <translation>已中断</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>How</source>
        <translation>结果</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>By</source>
        <translation>通过</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransfersModel</name>
    <message>
        <source>Link %1</source>
        <translation>链接 %1</translation>
    </message>
    <message>
        <source>Unnamed</source>
        <translation>未命名</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>客户端</translation>
    </message>
    <message>
        <source>File</source>
        <translation>文件</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>进度</translation>
    </message>
    <message>
        <source>Rate</source>
        <translation>速率</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>剩余</translation>
    </message>
    <message>
        <source>By</source>
        <translation>通过</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>程序</translation>
    </message>
    <message>
        <source>Token</source>
        <translation>令牌</translation>
    </message>
    <message>
        <source>TLS</source>
        <translation>TLS</translation>
    </message>
    <message>
        <source>Plain</source>
        <translation>明文</translation>
    </message>
    <message>
        <source>Priority</source>
        <translation>优先级</translation>
    </message>
    <message>
        <source>Encryption</source>
        <translation>加密</translation>
    </message>
</context>
<context>
    <name>spillway::ui::TransfersPage</name>
    <message>
        <source>Transfers</source>
        <translation>传输</translation>
    </message>
    <message>
        <source>Filter transfers</source>
        <translation>筛选传输</translation>
    </message>
    <message>
        <source>End transfer</source>
        <translation>结束传输</translation>
    </message>
    <message>
        <source>Nothing is going out</source>
        <translation>当前没有传输</translation>
    </message>
    <message numerus="yes">
        <source>%n running</source>
        <translation>
            <numerusform>%n 个进行中</numerusform>
        </translation>
    </message>
    <message>
        <source>Show only %1</source>
        <translation>仅显示 %1</translation>
    </message>
    <message>
        <source>Copy address of client</source>
        <translation>复制客户端地址</translation>
    </message>
    <message>
        <source>%1 copied</source>
        <translation>%1 已复制</translation>
    </message>
    <message>
        <source>Downloads show here while they run: who takes what, how fast,
and how long it will take. You can end, limit or ban any of them.</source>
        <translation>正在进行的下载显示在这里：谁在取什么、有多快、
还需多久。您可以结束、限制或封禁其中任何一个。</translation>
    </message>
    <message>
        <source>Nothing has ended yet</source>
        <translation>还没有结束的传输</translation>
    </message>
    <message>
        <source>Downloads that are over show here: finished or cut off,
how much of them went out, and how fast.</source>
        <translation>结束的下载显示在这里：完成或中断、
发送了多少、有多快。</translation>
    </message>
    <message>
        <source>Each</source>
        <translation>逐个</translation>
    </message>
    <message>
        <source>By client</source>
        <translation>按客户端</translation>
    </message>
    <message>
        <source>By link</source>
        <translation>按链接</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>已结束</translation>
    </message>
    <message>
        <source>Groups of transfers</source>
        <translation>传输分组</translation>
    </message>
    <message>
        <source>Ended transfers</source>
        <translation>已结束的传输</translation>
    </message>
    <message>
        <source>Without a link</source>
        <translation>没有链接</translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n 个等待</numerusform>
        </translation>
    </message>
    <message>
        <source>No limit</source>
        <translation>无限制</translation>
    </message>
    <message>
        <source>Priority: %1</source>
        <translation>优先级：%1</translation>
    </message>
    <message>
        <source>Limit %1</source>
        <translation>限制 %1</translation>
    </message>
    <message>
        <source>Limit the link</source>
        <translation>限制此链接</translation>
    </message>
    <message>
        <source>Limit the token</source>
        <translation>限制此令牌</translation>
    </message>
    <message numerus="yes">
        <source>End %n transfer(s)</source>
        <translation>
            <numerusform>结束 %n 个传输</numerusform>
        </translation>
    </message>
    <message>
        <source>Ban %1…</source>
        <translation>封禁 %1…</translation>
    </message>
</context>
<context>
    <name>spillway::ui::Tray</name>
    <message>
        <source>Show Spillway</source>
        <translation>显示 Spillway</translation>
    </message>
    <message>
        <source>Copy the server&apos;s address</source>
        <translation>复制服务器地址</translation>
    </message>
    <message>
        <source>The server&apos;s address is in the clipboard</source>
        <translation>服务器地址已在剪贴板中</translation>
    </message>
    <message>
        <source>Copy a recent link</source>
        <translation>复制最近的链接</translation>
    </message>
    <message>
        <source>Pause new downloads</source>
        <translation>暂停新下载</translation>
    </message>
    <message>
        <source>Stop the server and quit</source>
        <translation>停止服务器并退出</translation>
    </message>
    <message>
        <source>%1 was downloaded by %2</source>
        <translation>%2 已下载 %1</translation>
    </message>
    <message numerus="yes">
        <source>%n downloads finished</source>
        <translation>
            <numerusform>%n 个下载已完成</numerusform>
        </translation>
    </message>
</context>
</TS>
