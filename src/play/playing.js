var xi="WebGPU, by which models run, is not available in this browser. Open the page in a current Chrome, Edge, Safari or Firefox; on Linux, Chrome may want chrome://flags/#enable-unsafe-webgpu. All else on this page works without.";function au(){if(!("gpu"in navigator))return xi;if(!("Float16Array"in globalThis)||!("fromBase64"in Uint8Array))return"This browser is too old to unpack the models; one of 2026 can. All else on this page works without."}function Uw(e,t){if(e.nodeType!==t.nodeType||e.nodeName!==t.nodeName){e.replaceWith(t);return}if(e.nodeType!==Node.ELEMENT_NODE){e.data!==t.data&&(e.data=t.data);return}for(let{name:n}of[...e.attributes])!t.hasAttribute(n)&&!(n==="open"&&e.nodeName==="DETAILS")&&e.removeAttribute(n);for(let{name:n,value:r}of t.attributes)e.getAttribute(n)!==r&&e.setAttribute(n,r);cu(e,t)}function cu(e,t){let[n,r]=[[...e.childNodes],[...t.childNodes]];for(let o of n.slice(r.length))o.remove();r.forEach((o,s)=>s<n.length?Uw(n[s],o):e.append(o))}function ki(e,t){let n=document.createElement("template");n.innerHTML=t,cu(e,n.content)}var mn=class{text;constructor(t){this.text=t}toString(){return this.text}};function D(e,...t){let n=e[0]??"";return t.forEach((r,o)=>n+=lu(r)+(e[o+1]??"")),new mn(n)}function st(e,t){return t===!1||t===null||t===void 0?new mn(""):new mn(t===!0?` ${e}`:` ${e}="${uu(t)}"`)}function uu(e){return e.replace(/[&<>"']/g,t=>Fw[t]??t)}var Fw={"&":"&amp;","<":"&lt;",">":"&gt;",'"':"&quot;","'":"&#39;"};function lu(e){return e==null||e===!1?"":e instanceof mn?e.text:typeof e=="object"?e.map(lu).join(""):uu(String(e))}var du={scale:1,form:"xyxy"};var gn=String.raw`\s*([-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)\s*`,$i=Array(4).fill(gn).join(","),Kw=[String.raw`\[${$i}\]`,String.raw`\(${gn},${gn}\)\s*,?\s*\(${gn},${gn}\)`,String.raw`\(${$i}\)`,String.raw`<(?:box|bbox)>${$i}</(?:box|bbox)>`].map(e=>new RegExp(e,"i")),Gw=new RegExp(String.raw`^${Array(4).fill(gn).join("[,\\s]")}\.?$`,"i"),Vw=1e-6;function wn(e,t){let{scale:n,form:r}=t??du,o=Kw.map(h=>h.exec(e)).reduce((h,m)=>m!==null&&(h===null||m.index<h.index)?m:h,null)??(t===void 0?null:Gw.exec(e.trim()));if(o===null)return null;let s=n==="pixels"?1:n,[i,a,c,u]=o.slice(1).map(h=>Number(h)/s),[l,f]=r==="xyxy"?[c,u]:[i+c,a+u],d=n==="pixels"?Number.MAX_VALUE:r==="xywh"?1+Vw:1;return[i,a,l,f].every(h=>h>=0&&h<=d)&&i<=l&&a<=f?[i,a,l,f]:null}function pu({scale:e,form:t}=du){return`${t==="xyxy"?"[x1, y1, x2, y2]":"[x, y, width, height]"} ${e==="pixels"?"in pixels":`with coordinates in [0, ${e}]`}`}function hu(e,t){let n=Math.min(e[2],t[2])-Math.max(e[0],t[0]),r=Math.min(e[3],t[3])-Math.max(e[1],t[1]),o=Math.max(0,n)*Math.max(0,r),s=fu(e)+fu(t)-o;return s>0?o/s:0}function fu(e){return(e[2]-e[0])*(e[3]-e[1])}var y=class extends Error{name="InputError"},_n=class extends Error{name="AdapterError"},ne=class extends Error{name="RunError"},Je=class extends Error{name="Interrupted"};function le(e,t){if(!(t>0)||!Number.isFinite(t))throw new y(`expected a temperature above 0, found ${t}`);let n=e.filter(i=>i!==null),r=n.find(i=>!Number.isFinite(i));if(r!==void 0)throw new y(`expected finite values to weight the tasks by, found ${r}`);let o=n.reduce((i,a)=>Math.max(i,a),-1/0),s=n.reduce((i,a)=>i+Math.exp((a-o)/t),0);return e.map(i=>i===null?1:n.length*Math.exp((i-o)/t)/s)}var Hw=1e-8;function Jw(e,t={}){let{warmup:n=100,history:r=200,tau:o=5}=t;for(let[l,f]of Object.entries({warmup:n,history:r,tau:o}))if(!(f>0))throw new y(`coba: expected ${l} above 0, found ${f}`);let s,i=[],a=[],c=[],u=new Array(e).fill(1);return{name:Si.id,weights:()=>[...u],observe({step:l,validationLoss:f}){if(f===void 0)return;s??=[...f],i=[...s.keys()].filter(m=>s[m]!==null);let d=i.find(m=>typeof f[m]!="number");if(d!==void 0)throw new y(`coba, step ${l}: expected a validation loss of task ${d+1}, as before, found none`);let p=l-1;for(a.push({done:p,ratios:i.map(m=>f[m]/Math.max(s[m],Hw))});p-a[0].done>=r;)a.shift();if(p<n||a.length<2||i.length===0)return;c.push({done:p,slopes:i.map((m,g)=>Yw(a.map(w=>[w.done,w.ratios[g]])))});let h=Xw(c,c.filter(m=>p-m.done<r),o);u=new Array(e).fill(1);for(let[m,g]of i.entries())u[g]=h[m]}}}function Xw(e,t,n){let{slopes:r}=e.at(-1),o=r.length,s=le(Ei(r,o),1),i=r.map((l,f)=>Ei(t.map(d=>d.slopes[f]),-t.length).at(-1)),a=le(i,1),c=e.map(l=>Math.max(...l.slopes)),u=Math.min(1,le(Ei(c,-n*e.length),1).at(-1));return r.map((l,f)=>u*s[f]+(1-u)*a[f])}function Ei(e,t){let n=e.reduce((r,o)=>r+Math.abs(o),0);return e.map(r=>n===0?0:t*r/n)}function Yw(e){let t=i=>e.reduce((a,c)=>a+c[i],0)/e.length,[n,r]=[t(0),t(1)],o=0,s=0;for(let[i,a]of e)o+=(i-n)*(a-r),s+=(i-n)**2;return o/s}var Si={id:"coba",name:"CoBa",text:"Convergence balancer: slopes of validation losses; slow tasks weigh more, diverging ones less.",formula:"\u03BB = K \xB7 (DF \xB7 RCS + (1 \u2212 DF) \xB7 ACS)",symbols:"K: tasks; RCS: a task\u2019s slope among all tasks\u2019; ACS: against its own past; DF: 1 while no task diverges",source:"arXiv 2410.06741",needs:"validation",constant:!1,validation:{every:20,questions:16},equalSteps:120,look:{color:"green",mark:"triangle-up-open",dash:"solid"},balancer:({tasks:e})=>Jw(e)};function U(e,t){let n=t.findIndex(o=>!(o>=0)||!Number.isFinite(o));if(n>=0)throw new y(`${e}: weight of task ${n+1}: expected a number of 0 or more, found ${t[n]}`);if(!t.some(o=>o>0))throw new y(`${e}: expected a weight above 0 for one task or more, found ${t.join(", ")||"none"}`);let r=[...t];return{name:e,weights:()=>[...r],observe(){}}}function mu(e,t){wr(t);let n=e.out.length;if(e.in.length!==n||e.difficulty.length!==n)throw new y(`expected three lists of weights of one length, found ${n} (out), ${e.in.length} (in), ${e.difficulty.length} (difficulty)`);return e.out.map((r,o)=>t.out*r+t.in*e.in[o]+t.difficulty*e.difficulty[o])}function wr(e){let t=[e.out,e.in,e.difficulty],n=t.join(", ");if(t.some(r=>!(r>=0)))throw new y(`alpha: expected three shares of 0 or more (out, in, difficulty), found ${n}`);if(Math.abs(t.reduce((r,o)=>r+o,0)-1)>1e-6)throw new y(`alpha: expected three shares (out, in, difficulty) that sum to 1, found ${n}`)}var Oe=[.5,2],_r=.5;function yt(e,t,n){let r={out:le(e.out,n),in:le(e.in.map(o=>o===null?null:-o),n),difficulty:le(e.difficulty,n)};return{...r,lambda:mu(r,t)}}function co(e,t,n=Oe){let r=c=>yt(e,t,c).lambda.every(u=>u>=n[0]-1e-12&&u<=n[1]+1e-12),o=Math.max(...["out","in","difficulty"].map(c=>t[c]===0?0:Qw(e[c])));if(o===0)return _r;let s=o/Math.log(Math.min(n[1],1/n[0])),i=o*.001,a=s;for(;a>i&&r(a);)s=a,a*=.98;for(let c=0;c<40&&a>i;c++){let u=(s+a)/2;r(u)?s=u:a=u}return Zw(s)}function Qw(e){let t=e.filter(n=>n!==null);return t.length===0?0:Math.max(...t)-Math.min(...t)}function Zw(e){let t=10**(Math.floor(Math.log10(e))-3);return Number((Math.ceil(e/t)*t).toPrecision(4))}var e_=.95,t_=3,gu=2;function yr(e,t,n,r=[]){let o=[];return e.forEach((s,i)=>{for(let[c,u]of[["C_out",t.contributionOut],["C_in",t.contributionIn]]){let l=u[i];l===null&&e.length>1?o.push(`${s}: ${c} is undefined; the task gets weight 1 in that part.`):l!==null&&Math.abs(l)>t_&&o.push(`${s}: ${c} is ${re(l)}, which comes from dividing by a small own gain and is mostly noise; a least gain or more seeds would help.`)}let a=t.difficulty[i];a===null?o.push(`${s}: the difficulty is undefined, since ${r[i]?"the mini subset's score is not above zero (or the large subset's not below its floor)":"the large subset's score is not above zero (or its floor)"}; the task gets weight 1 in that part.`):a>=e_?o.push(`${s}: the difficulty is ${re(a)}: the mini subset teaches next to nothing${r[i]?" beside the large one":""}, so hard and starved tasks look the same; a larger mini subset would help.`):a<0&&!n.has(i)&&o.push(`${s}: the difficulty is ${re(a)}: the mini subset scores better than the large one.`)}),o}function qt(e,t,n,r){let o=e.flatMap((s,i)=>{let a=t[i];return a>=Oe[0]-1e-9&&a<=Oe[1]+1e-9?[]:[`${s}: the weight ${re(a)} is outside the band [${Oe.join(", ")}]; a higher temperature would mend it.`]});return r&&n>gu&&o.push(`the band [${Oe.join(", ")}] needs the temperature ${re(n)}, beyond the paper's highest (${gu}): one extreme value flattens all others.`),o}function uo(e,t,n=!1){return`${e}: ${n?"it is not in the table and was added; ":""}the weight is fixed at ${t}, outside the balancing.`}function lo(e,t,n){return`${e}: ${n}: it is left out of the score of its group ${t}.`}function re(e){return String(Number(e.toPrecision(4)))}function fo(e,t,n){let r=e.map((i,a)=>t.findIndex(c=>c.includes(a))),o=t.reduce((i,a)=>i+a.length,0),s=t.every(i=>i.length===t[0].length);return{values:i=>r.map(a=>a<0?null:i[a]),cells:i=>r.map(a=>r.map(c=>a<0||c<0||a===c?null:i[a][c])),factor:i=>s?1:o/t.reduce((a,c,u)=>a+c.length*i[u],0),weights:(i,a)=>r.map((c,u)=>c<0?n[e[u]]:a*i[c])}}function po(e,t,n,r){if(Math.abs(n-1)<=1e-12)return[];let o=e.reduce((i,{tasks:a})=>i+a.length,0),s=e.flatMap(({name:i},a)=>qt([i],[t[a]],r,!1).length===0?[a]:[]);return[`groups differ in size: all their weights were multiplied by ${re(n)}, so that those of the ${o} tasks sum to ${o}.`,...qt(s.map(i=>e[i].name),s.map(i=>n*t[i]),r,!1)]}function bt(e,t,n){for(let[r,o]of[["V(i+mini)",t],["floor",n]])if(o!==void 0&&o.length!==e.length)throw new y(`${r}: expected ${e.length} scores, one a task, found ${o.length}`);return e.map((r,o)=>{let s=n?.[o],i=s===void 0?r:Math.max(0,r-s),a=t[o]-(s??0),c=1-i/a;return a>0&&Number.isFinite(c)?c:null})}function ho(e,t,n){for(let[r,o]of e.entries()){if(!t.includes(o))throw new y(`${n}: expected names of the table's tasks (${t.join(", ")}), found ${JSON.stringify(o)}`);if(e.indexOf(o)!==r)throw new y(`${n}: expected every name once, found ${o} again`)}return t.filter(r=>e.includes(r))}function yn(e,t){return e.map((n,r)=>t[r]?-n:n)}function wu(e,t,n,r){if(r!==void 0)return bt(yn(e,n),yn(t,n),yn(r,n));let o=(s,i)=>s.map((a,c)=>n[c]?i[c]:a);return t.length===e.length?bt(o(e,t),o(t,e)):bt(e,t)}function _u(e,t,n){let r=e.filter((o,s)=>t[s]);return n||r.length===0||r.length===e.length?[]:[`${r.join(", ")}: lower is better, and the difficulty is 1 \u2212 V(i+mini)/V(mini), the share of the error that is taken away; the other tasks' 1 \u2212 V(mini)/V(i+mini) is not on that scale. Floors put all on one.`]}function mo(e,t){if(typeof e!="object"||e===null||Array.isArray(e))throw new y(`${t}: expected a table {tasks, mini, plus}, found ${it(e)}`);let n=e,r=r_(n.tasks,t),o=a=>vu(n[a],r,a,`${t}: ${a}`),s={...n.floor===void 0||n.floor===null?{}:{floor:o("floor")},...n_(n,r,t)};if(n.plus!==void 0){let a=n.miniAlone===void 0&&n.largeAlone===void 0?{}:{miniAlone:o("miniAlone"),largeAlone:o("largeAlone")},c=bu(n.plus,r,"plus",t);return{tasks:r,mini:o("mini"),plus:c,...a,...s}}if(n.alone!==void 0){let a=bu(n.alone,r,"alone",t);return{tasks:r,base:o("base"),alone:a,mini:o("mini"),...s}}let i=a=>o_(n[a],r,a,`${t}: ${a}`);if(n.contributionOut!==void 0)return{tasks:r,contributionOut:i("contributionOut"),contributionIn:i("contributionIn"),difficulty:i("difficulty")};throw new y(`${t}: expected the keys tasks, mini, plus (probe scores), or tasks, base, alone, mini (chat form), or tasks, contributionOut, contributionIn, difficulty; found ${Object.keys(n).join(", ")}`)}function go(e){let t=e[0];if(t===void 0)throw new y("expected one table of scores or more, found none");let n=Object.keys(t).sort().join(", ");if(e.forEach((s,i)=>{if(JSON.stringify(s.tasks)!==JSON.stringify(t.tasks))throw new y(`table ${i+1}: expected the tasks of table 1 in their order (${t.tasks.join(", ")}), found ${s.tasks.join(", ")}`);let a=Object.keys(s).sort().join(", ");if(a!==n)throw new y(`table ${i+1}: expected the keys of table 1 (${n}), found ${a}`);let c=u=>"contributionOut"in u?"":u.lowerIsBetter?.join(", ")??"";if(c(s)!==c(t))throw new y(`table ${i+1}: lower is better: expected the tasks of table 1 (${c(t)}), found ${c(s)}`)}),e.length===1)return t;let r=[...t.tasks];if("plus"in t){let s=e,i=t.plus.map((c,u)=>vt(s.map(l=>l.plus[u]))),a=t.miniAlone===void 0?{}:{miniAlone:vt(s.map(c=>c.miniAlone)),largeAlone:vt(s.map(c=>c.largeAlone))};return{tasks:r,mini:vt(s.map(c=>c.mini)),plus:i,...a,...yu(s)}}if("alone"in t){let s=e,i=t.alone.map((c,u)=>vt(s.map(l=>l.alone[u]))),a=vt(s.map(c=>c.base));return{tasks:r,base:a,alone:i,mini:vt(s.map(c=>c.mini)),...yu(s)}}let o=e;return{tasks:r,contributionOut:Ai(o.map(s=>s.contributionOut)),contributionIn:Ai(o.map(s=>s.contributionIn)),difficulty:Ai(o.map(s=>s.difficulty))}}function yu(e){let t=e.flatMap(r=>r.floor===void 0?[]:[r.floor]),n=e[0]?.lowerIsBetter;return{...t.length>0&&{floor:vt(t)},...n!==void 0&&{lowerIsBetter:[...n]}}}function n_(e,t,n){let r=e.lowerIsBetter;if(r==null)return{};if(!Array.isArray(r)||r.some(s=>typeof s!="string"))throw new y(`${n}: lowerIsBetter: expected a list of task names, found ${it(r)}`);let o=ho(r,t,`${n}: lowerIsBetter`);return o.length===0?{}:{lowerIsBetter:o}}function vt(e){return e[0].map((t,n)=>e.reduce((r,o)=>r+o[n],0)/e.length)}function Ai(e){return e[0].map((t,n)=>{let r=e.map(o=>o[n]).filter(o=>o!==null);return r.length===0?null:r.reduce((o,s)=>o+s,0)/r.length})}function r_(e,t){if(!Array.isArray(e)||e.length===0)throw new y(`${t}: tasks: expected a list of task names, found ${it(e)}`);return e.map((n,r)=>{if(typeof n!="string"||n.trim()==="")throw new y(`${t}: tasks, entry ${r+1}: expected a task name, found ${it(n)}`);if(e.indexOf(n)!==r)throw new y(`${t}: tasks, entry ${r+1}: expected every name once, found ${it(n)} again`);return n})}function bu(e,t,n,r){if(!Array.isArray(e))throw new y(`${r}: ${n}: expected ${t.length} rows, one a task, found ${it(e)}`);if(e.length!==t.length)throw new y(`${r}: ${n}: expected ${t.length} rows, one a task, found ${e.length}`);return e.map((o,s)=>vu(o,t,n,`${r}: ${n}, row ${s+1} (${t[s]})`))}function vu(e,t,n,r){return xu(e,t,n,r).map((o,s)=>{if(typeof o!="number"||!Number.isFinite(o))throw new y(`${r}, column ${s+1} (${t[s]}): expected a finite number, found ${it(o)}`);return o})}function o_(e,t,n,r){return xu(e,t,n,r).map((o,s)=>{if(o===null||typeof o=="number"&&Number.isFinite(o))return o;throw new y(`${r}, column ${s+1} (${t[s]}): expected a finite number or null, found ${it(o)}`)})}function xu(e,t,n,r){if(e===void 0)throw new y(`${r}: expected a list of scores named ${n}, found none`);if(!Array.isArray(e))throw new y(`${r}: expected ${t.length} numbers, one a task, found ${it(e)}`);if(e.length!==t.length)throw new y(`${r}: expected ${t.length} numbers, one a task, found ${e.length}`);return Array.from(e)}function it(e){if(typeof e=="number")return String(e);let t=JSON.stringify(e)??String(e);return t.length>60?`${t.slice(0,57)}...`:t}function bn(e,{groups:t={},fixed:n={}}){let r=(i,a)=>{if(!e.includes(a))throw new y(`${i}: expected some of ${e.join(", ")}, found ${JSON.stringify(a)}`)};for(let[i,a]of Object.entries(n))if(r("--fixed",i),!(a>0)||!Number.isFinite(a))throw new y(`--fixed: expected a weight above 0 for ${i}, found ${a}`);let o=new Map;for(let[i,a]of Object.entries(t)){if(a.length===0)throw new y(`--groups: expected tasks in ${JSON.stringify(i)}, found none`);for(let c of a){if(r("--groups",c),o.has(c))throw new y(`--groups: expected ${c} once, found it in ${o.get(c)} and ${i}`);if(Object.hasOwn(n,c))throw new y(`--groups: expected tasks that are balanced, found ${c}, which --fixed names`);o.set(c,i)}}let s=new Map;for(let i of e){if(Object.hasOwn(n,i))continue;let a=o.get(i)??i;if(!o.has(i)&&Object.hasOwn(t,i))throw new y(`--groups: expected names that no other task has, found ${i}, a task outside that group`);let c=s.get(a)??{name:a,tasks:[]};c.tasks.push(i),s.set(a,c)}return[...s.values()]}function vn(e,t,n=0){let r=e.length;Oi(t,r);let o=typeof n=="number"?e.map(()=>n):n;if(o.length!==r)throw new y(`expected one least gain, or one a task (${r}), found ${o.length}`);let s=o.find(u=>!(u>=0));if(s!==void 0)throw new y(`expected least gains of 0 or more, found ${s}`);let i=(u,l)=>(t[u][l]-e[l])/(t[l][l]-e[l]),a=e.flatMap((u,l)=>{let f=t[l][l],d=1e-9*Math.max(Math.abs(f),Math.abs(u));return f-u>Math.max(o[l],d)&&e.every((h,m)=>Number.isFinite(i(m,l)))?[]:[l]});return{matrix:t.map((u,l)=>u.map((f,d)=>l===d||a.includes(d)?null:i(l,d))),undefinedInto:a}}function xt(e){return Oi(e,e.length),e.map((t,n)=>ku(t.filter((r,o)=>o!==n)))}function kt(e){return Oi(e,e.length),e.map((t,n)=>ku(e.filter((r,o)=>o!==n).map(r=>r[n])))}function ku(e){let t=e.filter(r=>r!==null);if(t.length===0)return null;let n=t.reduce((r,o)=>r+o,0)/t.length;return Number.isFinite(n)?n:t.reduce((r,o)=>r+o/t.length,0)}function Oi(e,t){if(e.length!==t)throw new y(`expected ${t} rows, one a task, found ${e.length}`);let n=e.findIndex(r=>r.length!==t);if(n>=0)throw new y(`row ${n+1}: expected ${t} scores, one a task, found ${e[n].length}`)}function $u(e,t,n){let r=O=>t.map(R=>O[R]),o=r(e.tasks);if("contributionOut"in e){if(n.floor!==void 0||n.leastGain!==void 0)throw new y("a floor and a least gain need a table of scores; found contributions and difficulties");wo(e,n);let O={contributionOut:r(e.contributionOut),contributionIn:r(e.contributionIn),difficulty:r(e.difficulty)};return{contribution:o.map(()=>o.map(()=>null)),...O,warnings:yr(o,O,new Set)}}let[s,i]="plus"in e?[e.mini,e.plus]:[e.base,e.alone],a=s_(n.floor,e.tasks)??e.floor,c=n.leastGain,u=typeof c=="object";if(u&&c.length!==e.tasks.length)throw new y(`leastGain: expected one number, or one a task (${e.tasks.length}), found ${c.length}`);let l=wo(e,n),f=o.map(O=>l.includes(O)),d=r(i).map(r),p=r(s),{matrix:h,undefinedInto:m}=vn(yn(p,f),d.map(O=>yn(O,f)),u?r(c):c??0),g=d.map((O,R)=>O[R]),w="miniAlone"in e&&"largeAlone"in e?e:void 0,_=r(w?.miniAlone??e.mini),b=w?.largeAlone?r(w.largeAlone):g,v=a&&r(a),x={contributionOut:xt(h),contributionIn:kt(h),difficulty:wu(_,b,f,v)},S=[..._u(o,f,v!==void 0),...m.map(O=>{let R=f[O]?p[O]-g[O]:g[O]-p[O],T=typeof c=="number"?c:u?r(c)[O]:0,M=R>Math.max(T,0)?"too small or too large to divide what others' data bring it by":`not above ${re(T)}`;return`${o[O]}: its own gain is ${re(R)} points, ${M}: the contributions into it are undefined and left out of the means.`}),...o.flatMap((O,R)=>{let T=v?.[R];return T!==void 0&&(f[R]?_[R]>T:_[R]<T)?[`${O}: V(mini) is ${re(_[R])}, ${f[R]?"above":"below"} its floor ${re(T)}, and counts as the floor.`]:[]})];return{contribution:h,...x,warnings:[...S,...yr(o,x,new Set(m),f)]}}function wo(e,t){let n=ho(t.lowerIsBetter??[],e.tasks,"lowerIsBetter");if(!("contributionOut"in e)){let r=e.lowerIsBetter??[];return e.tasks.filter(o=>r.includes(o)||n.includes(o))}if(n.length===0)return[];throw new y("lowerIsBetter: expected a table of scores, found contributions and difficulties; they have their signs already")}function s_(e,t){if(e===void 0)return;if(e.length!==t.length)throw new y(`floor: expected ${t.length} scores, one a task, found ${e.length}`);let n=e.findIndex(r=>!Number.isFinite(r));if(n>=0)throw new y(`floor (${t[n]}): expected a finite number, found ${e[n]}`);return e}var Ti={out:.25,in:.25,difficulty:.5};function _o(e,t={}){let n=a_(e)?e:[e],r=n.map((x,S)=>mo(x,n.length===1?"scores":`table ${S+1}`)),o=go(r),s={...t.alpha??Ti};wr(s);let i=i_(t.fixed??{}),a=wo(o,t),c=o.tasks.flatMap((x,S)=>i.has(x)?[]:[S]),u=$u(o,c,t),l=[...u.warnings],f={out:u.contributionOut,in:u.contributionIn,difficulty:u.difficulty},d=t.temperature==="auto",p=t.temperature==="auto"?co(f,s):t.temperature??_r,h=yt(f,s,p),m=c.map(x=>o.tasks[x]);m.length<2&&l.push(`expected two tasks or more to balance, found ${m.length}: there is nothing to weigh.`),l.push(...qt(m,h.lambda,p,d));let g=[...o.tasks,...[...i.keys()].filter(x=>!o.tasks.includes(x))],w=g.map(x=>m.indexOf(x)),_=(x,S)=>w.map((O,R)=>O<0?S(g[R]):x[O]),b=()=>null,v=x=>i.get(x);for(let[x,S]of i)l.push(uo(x,S,!o.tasks.includes(x)));return{tasks:g,temperature:p,alpha:s,contribution:_(u.contribution.map(x=>_(x,b)),()=>g.map(b)),contributionOut:_(u.contributionOut,b),contributionIn:_(u.contributionIn,b),difficulty:_(u.difficulty,b),lambdaOut:_(h.out,v),lambdaIn:_(h.in,v),lambdaDifficulty:_(h.difficulty,v),lambda:_(h.lambda,v),...a.length>0&&{lowerIsBetter:a},warnings:l}}function i_(e){for(let[t,n]of Object.entries(e))if(!(n>=0)||!Number.isFinite(n))throw new y(`fixed weight of ${t}: expected a number of 0 or more, found ${n}`);return new Map(Object.entries(e))}function a_(e){return Array.isArray(e)}function Eu(e,{groups:t,...n}){let r=go(e);if("contributionOut"in r)throw new y("groups: expected a table of scores, found contributions and difficulties");let{tasks:o}=r,s=n.fixed??{},i=bn(o,{groups:t,fixed:s}),a=[...i,...Object.keys(s).map(p=>({name:p,tasks:[p]}))],c=[],u=_o(c_(r,a,c),n),l=i.map(p=>p.tasks.map(h=>o.indexOf(h))),f=fo(o,l,s),d=f.factor(u.lambda);return c.push(...po(i,u.lambda,d,u.temperature)),{...u,tasks:[...o],contribution:f.cells(u.contribution),contributionOut:f.values(u.contributionOut),contributionIn:f.values(u.contributionIn),difficulty:f.values(u.difficulty),lambdaOut:f.weights(u.lambdaOut,d),lambdaIn:f.weights(u.lambdaIn,d),lambdaDifficulty:f.weights(u.lambdaDifficulty,d),lambda:f.weights(u.lambda,d),warnings:[...u.warnings,...c],groups:Object.fromEntries(Object.entries(t).map(([p,h])=>[p,[...h]]))}}function Mi(e,t,n,r){return t.length===1?e[t[0]]:n.length===0?0:100*n.reduce((o,s)=>o+e[s]/r(s),0)/n.length}function c_(e,t,n){let r=t.map(p=>p.tasks.map(h=>e.tasks.indexOf(h))),o=(p,h)=>{let m=r.map((g,w)=>g.length===1?g:g.filter(_=>p(_)>0?!0:(n.push(lo(e.tasks[_],t[w].name,`${h} is ${re(p(_))}, not above 0`)),!1)));return g=>m.map((w,_)=>Mi(g,r[_],w,p))},s=t.map(({name:p})=>p),i="plus"in e?e.plus:e.alone,a=o(p=>i[p][p],"plus"in e?"V(own + mini)":"V(own)"),c=r.map(([p])=>a(i[p])),u=e.floor===void 0?{}:{floor:a(e.floor)};if(!("plus"in e))return{tasks:s,base:a(e.base),alone:c,mini:a(e.mini),...u};let{miniAlone:l,largeAlone:f}=e;if(l===void 0||f===void 0)return{tasks:s,mini:a(e.mini),plus:c,...u};let d=o(p=>f[p],"V(own alone)");return{tasks:s,mini:a(e.mini),plus:c,miniAlone:d(l),largeAlone:d(f),...u}}function u_(e){let t=new TextEncoder().encode(e),n=r=>{let o=r;for(let s of t)o=Math.imul(o^s,16777619);return o=Math.imul(o^t.length^o>>>16,2246822507),o=Math.imul(o^o>>>13,3266489909),(o^o>>>16)>>>0};return[n(2166136261),n(2654435769),n(2135587861),n(625341585)]}function Su(e,t){return e<<t|e>>>32-t}var J=class e{#e;#t;#n;constructor(t){this.#e=String(t),this.#t=Int32Array.from(u_(this.#e)),this.#t.every(n=>n===0)&&(this.#t[0]=1)}#r(){let t=this.#t,[n,r,o,s]=[t[0],t[1],t[2],t[3]],i=Math.imul(Su(Math.imul(r,5),7),9)>>>0,a=o^n,c=s^r;return t[1]=r^a,t[0]=n^c,t[2]=a^r<<9,t[3]=Su(c,11),i}next(){let t=this.#r()>>>5,n=this.#r()>>>6;return(t*67108864+n)/9007199254740992}int(t){if(!Number.isInteger(t)||t<1||t>4294967296)throw new RangeError(`Random.int: expected an integer from 1 to 2^32, found ${t}`);if(t===4294967296)return this.#r();for(;;){let n=this.#r(),r=(n>>>0)%(t>>>0);if(n-r+t<=4294967296)return r}}normal(){if(this.#n!==void 0){let s=this.#n;return this.#n=void 0,s}let t=0,n=0,r=0;do t=2*this.next()-1,n=2*this.next()-1,r=t*t+n*n;while(r>=1||r===0);let o=Math.sqrt(-2*Math.log(r)/r);return this.#n=n*o,t*o}shuffle(t){for(let n=t.length-1;n>0;n--){let r=this.int(n+1),o=t[n];t[n]=t[r],t[r]=o}return t}pick(t){if(t.length===0)throw new RangeError("Random.pick: expected at least one element, found none");return t[this.int(t.length)]}fork(t){return new e(`${this.#e}/${t.length}:${t}`)}};function xn(e,t){let n=e.flatMap((w,_)=>w===null?[]:[_]),r=n.length;if(r===0)return{values:[...e],own:e.map(()=>null),mean:null,spread:0};let o=n.map(w=>e[w]),s=Math.max(...o)-Math.min(...o);if(s===0)return{values:[...e],own:g(()=>1),mean:o[0],spread:0};let i=n.map(w=>Math.max(t[w],1e-9*s**2)),a=w=>{let _=0,b=0;for(let v=0;v<r;v++)_+=o[v]/(i[v]+w),b+=1/(i[v]+w);return _/b},c=w=>{let _=a(w);return o.reduce((b,v,x)=>b+(v-_)**2/(i[x]+w),0)-(r-1)},u=o.reduce((w,_)=>w+_,0)/r,l=0,f=o.reduce((w,_)=>w+(_-u)**2,0)/Math.max(1,r-1);c(0)<=0&&(f=0);for(let w=0;w<60&&f>0;w++){let _=(l+f)/2;c(_)>0?l=_:f=_}let d=f,p=a(d),h=Math.max(0,(r-3)/(r-1)),m=g(w=>1-h*i[w]/(i[w]+d));return{values:e.map((w,_)=>w===null?null:p+m[_]*(w-p)),own:m,mean:p,spread:d};function g(w){return e.map((_,b)=>_===null?null:w(n.indexOf(b)))}}function kn(e){let t=e.length,n=e[0]?.length??0;if(n<2)return{total:1/0,questions:1/0,draws:0,between:0,rest:0};let r=new Float64Array(n),o=e.map(l=>{let f=0;for(let d=0;d<n;d++)f+=l[d],r[d]+=l[d]/t;return f/n}),s=o.reduce((l,f)=>l+f,0)/t,i=r.reduce((l,f)=>l+(f-s)**2,0)/(n*(n-1));if(t<2)return{total:i,questions:i,draws:0,between:0,rest:0};let a=o.reduce((l,f)=>l+(f-s)**2,0)/(t*(t-1)),c=0;e.forEach((l,f)=>{for(let d=0;d<n;d++)c+=(l[d]-o[f]-r[d]+s)**2}),c/=t*n*(t-1)*(n-1);let u=Math.max(0,a-c);return{total:i+u,questions:i,draws:u,between:a,rest:c}}function Ni(e){let t=e.map(kn);if(t.length===1)return t[0];let n=l=>t.reduce((f,d)=>f+l(d),0),[r,o]=[n(l=>l.questions),n(l=>l.rest)],s=e[0]?.length??0;if(s<2)return{total:r,questions:r,draws:0,between:0,rest:o};let i=e[0].map((l,f)=>e.reduce((d,p)=>{let h=0;for(let m=0;m<p[f].length;m++)h+=p[f][m];return d+h/p[f].length},0)),a=i.reduce((l,f)=>l+f,0)/s,c=i.reduce((l,f)=>l+(f-a)**2,0)/(s*(s-1)),u=Math.max(0,c-o);return{total:r+u,questions:r,draws:u,between:c,rest:o}}function l_(e){let t=e.draws,n=e.columns[0]?.length??0,r=e.blank?n-1:n,o=e.columns.map((g,w)=>w);if(t<2)return{deviation:o.map(()=>new Array(n).fill(0)),ofTask:0,ofProbe:0,degrees:0};let s=e.columns.map(g=>g.map(kn)),i=e.columns.map(g=>g[0][0].length>1),a=(g,w)=>f_(s.map((_,b)=>i[b]?_.slice(g,w):null),t,w-g),c=a(0,r),u=a(r,n),l=o.map(g=>[...c.deviation[g],...u.deviation[g]]),f=br(0,r),[d,p,h,m]=[0,0,0,0];for(let g of o){if(!i[g])continue;let w=kn(d_(e.columns[g].slice(0,r)));d+=t*Ci(w)-f.reduce((_,b)=>_+t*Ci(s[g][b]),0),p+=Ou(f.map(_=>l[g][_]))}for(let g of f){let w=e.columns.map(b=>b[g].map(v=>at(v))),_=w[0].map((b,v)=>w.reduce((x,S)=>x+S[v],0));h+=Tu(_)/(t-1)-w.reduce((b,v)=>b+Tu(v)/(t-1),0),m+=Ou(o.map(b=>l[b][g]))}return{deviation:l,ofTask:Au(d,p),ofProbe:Au(h,m),degrees:i.includes(!0)?Math.round((t-1)*r*c.shared):0}}function Mu(e,t){let{deviation:n,ofTask:r,ofProbe:o,degrees:s}=l_(e);if(s===0)return()=>n.map(b=>b.map(()=>0));let i=n.length,a=n[0].length-(e.blank?1:0),c=1-r-o,u=[c,c+a*r,c+i*o,c+a*r+i*o].map(b=>Math.max(0,b)),l=[(i-1)*(a-1),i-1,a-1,1],f=u.reduce((b,v,x)=>b+l[x]*v,0)/(i*a),[d,p,h,m]=u.map(b=>f>0?Math.sqrt(b/f):0),g=["mini",...e.units.map(({name:b})=>`plus ${b}`),"blank"],w=e.tasks.map((b,v)=>n[v].map((x,S)=>t.fork(`task ${b}`).fork(g[S]))),_=t.fork("tails");return()=>{let b=w.map(T=>T.map(M=>M.normal())),v=0;for(let T=0;T<s;T++)v+=_.normal()**2;let x=Math.sqrt(s/v/e.draws),S=b.map(T=>at(T.slice(0,a))),O=br(0,a).map(T=>at(b.map(M=>M[T]))),R=at(S);return n.map((T,M)=>T.map((Z,ee)=>{if(ee>=a)return x*Z*b[M][ee];let[ot,Ce]=[S[M]-R,O[ee]-R],De=b[M][ee]-ot-Ce-R;return x*Z*(d*De+p*ot+h*Ce+m*R)}))}}function f_(e,t,n){let r=e.map(f=>f&&f.map(d=>t*Ci(d))),o=r.map(f=>f&&at(f)),s=Math.max(0,at(o.filter(f=>f!==null))),i=(f,d)=>f.map(({rest:p})=>2*(Math.max(0,d)+t*p)**2/(t-1)),a=xn(o,e.map(f=>f===null?0:at(i(f,s))/n)),c=a.values.map(f=>f??a.mean??0),u=xn(r.flatMap((f,d)=>br(0,n).map(p=>f&&f[p]-o[d])),e.flatMap((f,d)=>f===null?br(0,n).map(()=>0):i(f,c[d]))),l=a.own.filter(f=>f!==null);return{deviation:c.map((f,d)=>br(0,n).map(p=>Math.sqrt(Math.max(0,f+(u.values[d*n+p]??0))))),shared:1+(l.length-1)*(1-at(l))}}function Ci({between:e,rest:t}){return e-t}function Au(e,t){return t>0?Math.max(-1,Math.min(1,e/t)):0}function d_(e){return e[0].map((t,n)=>t.map((r,o)=>e.reduce((s,i)=>s+i[n][o],0)))}function Ou(e){return e.reduce((t,n)=>t+n,0)**2-e.reduce((t,n)=>t+n*n,0)}function Tu(e){let t=at(e);return e.reduce((n,r)=>n+(r-t)**2,0)}function at(e){if(e.length===0)return 0;let t=0;for(let n=0;n<e.length;n++)t+=e[n];return t/e.length}function br(e,t){return Array.from({length:t-e},(n,r)=>e+r)}function yo(e,t,n={}){let r=bn(e,n).map(a=>({name:a.name,tasks:a.tasks.map(c=>e.indexOf(c))}));if(t.length===0)throw new y("points: expected those of one draw or more, found none");let o=t[0].blank!==void 0,s=t.map((a,c)=>{if(a.plus.length!==e.length)throw new y(`points, draw ${c+1}: expected ${e.length} rows, one a task, found ${a.plus.length}`);if(a.blank!==void 0!==o)throw new y("points: expected blank images in every draw or in none, found them in some");return[["mini",a.mini],...r.map(({name:u,tasks:[l]})=>[`${u} + mini`,a.plus[l]]),...a.blank===void 0?[]:[["blank",a.blank]]]}),i=e.map((a,c)=>{let u=s[0][0][1][c]?.length??0;return s[0].map((l,f)=>s.map((d,p)=>{let[h,m]=d[f],g=m[c],w=`points, draw ${p+1}, ${h}, task ${a}`;if(!g||g.length===0)throw new y(`${w}: expected answers, found none`);if(g.length!==u)throw new y(`${w}: expected ${u} answers, as many as the mini probe of draw 1 gave, found ${g.length}`);let _=g.find(b=>!Number.isFinite(b));if(_!==void 0)throw new y(`${w}: expected finite points, found ${_}`);return Float64Array.from(g)}))});return{tasks:e,units:r,fixed:n.fixed??{},draws:t.length,blank:o,columns:i}}function bo({tasks:e,units:t}){return e.map((n,r)=>1+t.findIndex(o=>o.tasks.includes(r)))}function Nu(e){let t=bo(e).flatMap((n,r)=>n===0?[]:[r]);return t.length===e.tasks.length?e:{...e,tasks:t.map(n=>e.tasks[n]),units:e.units.map(({name:n,tasks:r})=>({name:n,tasks:r.map(o=>t.indexOf(o))})),fixed:{},columns:t.map(n=>e.columns[n])}}function vo(e){let t=[];for(let n=1;;n++){let r=a=>e[$n(a,n)],[o,s,i]=[r("mini"),r("plus"),r("blank")];if(o===void 0)break;if(s===void 0)throw new y(`points, draw ${n}: expected those of ${$n("plus",n)}, found none`);t.push({mini:o,plus:s,...i!==void 0&&{blank:i}})}if(t.length===0)throw new y("points: expected those of mini, found none");return t}function $n(e,t){return t===1?e:`${e}-${t}`}function xo(e){return Iu(e,(t,n)=>{let r=e.columns[t][n];return r.reduce((o,s)=>o+s.reduce((i,a)=>i+a,0)/s.length,0)/r.length})}function*Cu(e,t,n="intervals"){let r=e.draws,o=new J(n),s=Mu(Nu(e),o.fork("draws")),i=bo(e),a=i.map((l,f)=>l===0?-1:i.slice(0,f).filter(d=>d!==0).length),c=e.columns.map(l=>l.map(f=>Float64Array.from({length:f[0].length},(d,p)=>f.reduce((h,m)=>h+m[p],0)/r))),u=e.tasks.map(l=>o.fork(`task ${l}`));for(let l=0;l<t;l++){let f=c.map((p,h)=>{let m=p[0].length;return Uint32Array.from({length:m},()=>u[h].int(m))}),d=s();yield Iu(e,(p,h)=>{let m=c[p][h],g=f[p],w=0;for(let _=0;_<g.length;_++)w+=m[g[_]];return w/g.length+(d[a[p]]?.[h]??0)})}}function Iu(e,t){let n=e.tasks.map((s,i)=>i),r=s=>n.map(i=>t(i,s)),o=[r(0),...e.units.map((s,i)=>r(1+i))];return{mini:o[0],plus:bo(e).map(s=>[...o[s]]),...e.blank&&{blank:r(o.length)}}}function vr(e,t,n={}){let{level:r=.95,replicates:o=1e3,seed:s="intervals"}=n,i=[...e.tasks],a=[],c=[];for(let d of Cu(e,o,s))a.push(d.mini.map((p,h)=>d.plus[h][h]-p)),c.push(t(d));let u=d=>Ii(c.map(d),r),l=c.map(({lambda:d})=>d),f=(1-r)/2*o;return{tasks:i,level:r,replicates:o,draws:e.draws,questions:e.columns.map(d=>d[0][0].length),ownGain:i.map((d,p)=>Ii(a.map(h=>h[p]),r)),contribution:i.map((d,p)=>i.map((h,m)=>u(g=>g.contribution[p][m]))),contributionOut:i.map((d,p)=>u(h=>h.contributionOut[p])),contributionIn:i.map((d,p)=>u(h=>h.contributionIn[p])),difficulty:i.map((d,p)=>u(h=>h.difficulty[p])),lambda:i.map((d,p)=>Ii(l.map(h=>h[p]),r)),heavier:i.flatMap((d,p)=>i.flatMap((h,m)=>p!==m&&l.filter(g=>g[p]<=g[m]).length<f?[[d,h]]:[]))}}function Ru(e,t,n){let{matrix:r}=vn(e.mini,e.plus),o=xt(r),s=kt(r),i=bt(e.mini,e.plus.map((c,u)=>c[u])),{lambda:a}=yt({out:o,in:s,difficulty:i},t,n);return{contribution:r,contributionOut:o,contributionIn:s,difficulty:i,lambda:a}}function Lu(e,t,n,r){let o=vr(e,s=>Ru(s,t,n),r);return xr(o,Ru(xo(e),t,n))}function xr(e,t){let n=(r,o)=>r.map((s,i)=>o[i]===null?null:s);return{...e,contribution:e.contribution.map((r,o)=>n(r,t.contribution[o])),contributionOut:n(e.contributionOut,t.contributionOut),contributionIn:n(e.contributionIn,t.contributionIn),difficulty:n(e.difficulty,t.difficulty)}}function Ii(e,t){let n=Float64Array.from(e.filter(o=>o!==null)).sort();if(n.length===0||n.length<t*e.length)return null;let r=o=>{let s=o*(n.length-1),i=Math.floor(s),a=Math.min(i+1,n.length-1);return n[i]+(s-i)*(n[a]-n[i])};return[r((1-t)/2),r((1+t)/2)]}function ye(e,t){return Object.fromEntries(e.map(n=>[n,typeof t=="string"?t:t(n)]))}function kr(e,t,n){return e.tune({folder:`methods/${t}`,data:ye(e.tasks,"all"),split:"test",weighting:{method:t,...n!==void 0&&{weights:n}},keep:!0})}var p_=2**20;function ko({seed:e},t){return e+p_*(t-1)}function h_({probes:e}){return e==="third"?1/3:1}var Pu={at:"probes"};function Sn(e,{at:t,...n}=Pu){return En(e,`${t}/mini`,ye(e.tasks,"mini"),{first:!0,...n})}function An(e,t,{at:n,drawSeed:r}=Pu){let o=r===void 0?{}:{drawSeed:r};return Ri(e,t,s=>{let i=c=>s.tasks.includes(c),a=`${n}/plus-${e.folderOf(s.name)}`;return e.settings.probes==="continued"?En(e,a,$o(s,"rest"),{from:`${n}/mini`,...o}):En(e,a,ye(e.tasks,c=>i(c)?"large":"mini"),o)})}function Eo(e,t,n){let r=a=>({tasks:a.tasks}),o=(a,c)=>`probes/${a}/${e.folderOf(c.name)}`,s=Ri(e,t,a=>En(e,o("alone-mini",a),$o(a,"mini"),{first:!0,...r(a)})),i=Ri(e,t,a=>{let c=n==="own"?r(a):{};if(e.settings.probes==="continued"){let u=o("alone-mini",a);return En(e,o("alone",a),$o(a,"rest"),{from:u,...c})}return En(e,o("alone",a),$o(a,"large"),c)});return{mini:$r(e,s),large:i}}function $r(e,t){return Object.fromEntries(e.tasks.map((n,r)=>[n,t[r]]))}function $t(e,t){let n=a=>e.length===1?"scores":`table ${a+1}`,r=e.map((a,c)=>mo(a,n(c))),{groups:o,...s}=t;if(o===void 0)return _o(r,s);let i=r.flatMap(a=>"contributionOut"in a?[]:[a]);return Eu(i,{groups:o,...s})}function ju(e,t,n){let r=$t(e,t),{tasks:o,alpha:s,temperature:i}=r,a=yo(o,n.map(l=>vo(l)[0]),t);if(t.groups===void 0&&t.fixed===void 0)return Lu(a,s,i);let c={...t,temperature:i},u=vr(a,({mini:l,plus:f})=>$t([{tasks:o,mini:l,plus:f}],c));return xr(u,r)}function $o(e,t){return Object.fromEntries(e.tasks.map(n=>[n,t]))}function Ri(e,t,n){let r=bn(e.tasks,e.settings),o=r.map(n);return e.tasks.map(s=>o[r.findIndex(i=>i.tasks.includes(s))]??t)}function En(e,t,n,{first:r=!1,from:o,tasks:s,drawSeed:i,keep:a}={}){let{probes:c}=e.settings,u=h_(e.settings);return e.tune({folder:t,data:n,split:"val",...s&&{tasks:s},...(a||r&&c==="continued")&&{keep:!0},...o!==void 0&&{from:o},...u!==1&&{passes:u},...c==="early"&&{early:!0},...i!==void 0&&{drawSeed:i}})}var Et={id:"cotbal",name:"CoTBal",text:"One model on all tasks, every answer token weighs its task\u2019s \u03BB.",formula:"\u03BB = \u03B1_out\xB7\u03BB_out + \u03B1_in\xB7\u03BB_in + \u03B1_D\xB7\u03BB_D",source:"arXiv 2403.04343, equation 8",needs:"probes",constant:!0,look:{color:"vermillion",mark:"diamond",dash:"solid"},balancer({weights:e}){if(e===void 0)throw new y("cotbal: expected weights, one a task, found none");return U(Et.id,e)},measure(e){let t=e.scoreBase("val"),n=Sn(e),r=An(e,n);return e.weigh({method:Et.id,folder:"balance",scores:{base:t,mini:n,plus:r},table:"validation.json",weights:"weights.json",intervals:"intervals.json"})},weigh:$t,intervals:ju};var Er={id:"cotbal-mix",name:"CoTBal mix",text:"Tasks are drawn by CoTBal\u2019s \u03BB in place of weighing their tokens by it.",formula:"p_i = \u03BB_i\xB7q_i / \u03A3_j \u03BB_j\xB7q_j",symbols:"\u03BB: CoTBal\u2019s weights; q_i: share of task i without them; p_i: share of the draws",source:"CoTBal by sampling; this project",needs:"own models",constant:!0,samples:!0,look:{color:"vermillion",mark:"triangle-up-open",dash:"dash"},balancer:({tasks:e})=>U(Er.id,Array.from({length:e},()=>1)),measure:e=>Et.measure(e),weigh:(...e)=>Et.weigh(...e),models(e,t){e.tune({folder:`methods/${Er.id}`,data:ye(e.tasks,"all"),split:"test",weighting:{method:Er.id},sampling:{lambda:t},keep:!0})}};var Dt={id:"cotbal-chat",name:"CoTBal chat",text:"CoTBal\u2019s chat form: probes on one task alone, compared with the untuned base.",formula:"\u03BB as CoTBal\u2019s, C[i\u2192j] = (V_j(i) \u2212 V_j(base)) / (V_j(j) \u2212 V_j(base))",symbols:"V_j(i): score on task j of the model tuned on task i alone; V_j(base): of the untuned base",source:"arXiv 2403.04343, equations 10 and 11",needs:"probes",constant:!0,look:{color:"vermillion",mark:"diamond-open",dash:"dash"},balancer({weights:e}){if(e===void 0)throw new y("cotbal-chat: expected weights, one a task, found none");return U(Dt.id,e)},measure(e){let t=e.scoreBase("val"),{mini:n,large:r}=Eo(e,t,"all");return e.weigh({method:Dt.id,folder:`methods/${Dt.id}/weights`,scores:{base:t,alone:r,mini:n},table:`methods/${Dt.id}/validation.json`,weights:`methods/${Dt.id}/weights.json`})},weigh:$t};var Wt={id:"cotbal-precise",name:"CoTBal precise",text:"CoTBal with the difficulty of each task from models tuned on it alone.",formula:"\u03BB as CoTBal\u2019s, D[i] = 1 \u2212 V_i(mini_i) / V_i(i)",symbols:"V_i(mini_i), V_i(i): score on task i of the models tuned on its mini and its large subset alone",source:"arXiv 2403.04343, equation 12",needs:"probes",constant:!0,look:{color:"vermillion",mark:"square-open",dash:"dashdot"},balancer({weights:e}){if(e===void 0)throw new y("cotbal-precise: expected weights, one a task, found none");return U(Wt.id,e)},measure(e){let t=e.scoreBase("val"),n=Sn(e),r=An(e,n),o=Eo(e,t,"own");return e.weigh({method:Wt.id,folder:`methods/${Wt.id}/weights`,scores:{base:t,mini:n,plus:r,miniAlone:o.mini,largeAlone:$r(e,o.large)},table:`methods/${Wt.id}/validation.json`,weights:`methods/${Wt.id}/weights.json`})},weigh:$t};function m_(e,t={}){let{window:n=25,temperature:r=2}=t;if(!Number.isInteger(n)||n<1)throw new y(`dwa: expected a window of 1 loss or more, found ${n}`);let o=Array.from({length:e},()=>[]);return{name:Li.id,weights(){return o.some(({length:s})=>s<2*n)?o.map(()=>1):le(o.map(s=>g_(s,n)),r)},observe({taskLoss:s}){for(let[i,a]of s.entries())a!==null&&(o[i].push(a),o[i].length>2*n&&o[i].shift())}}}function g_(e,t){let n=s=>e.slice(s,s+t).reduce((i,a)=>i+a,0),r=n(0),o=n(t);return r>0?o/r:1}var Li={id:"dwa",name:"DWA",text:"Dynamic weight average: a task weighs the more, the slower its loss falls.",formula:"\u03BB = K \xB7 softmax(r / 2)",symbols:"K: tasks; r_i: mean loss of task i over its last 25 steps, divided by that over the 25 before",source:"arXiv 1803.10704; a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,equalSteps:60,look:{color:"sky",mark:"triangle-down",dash:"dash"},balancer:({tasks:e})=>m_(e)};function w_(e){return U(St.id,Array.from({length:e},()=>1))}var St={id:"ew",name:"EW",text:"Equal weighting: one model on all tasks, every answer token weighs 1.",formula:"\u03BB_i = 1",source:"the usual training; a baseline of arXiv 2403.04343",needs:"nothing",constant:!0,look:{color:"blue",mark:"circle",dash:"dash"},asBase:"\u0394I and \u0394E are taken against EW (all weights 1), since STL did not run; add it with --methods ew,cotbal,stl.",balancer:({tasks:e})=>w_(e),models(e){kr(e,St.id),e.scoreBlank(`methods/${St.id}`)}};function On(e){kr(e,St.id);let t=e.score({model:`methods/${St.id}`,folder:"probes/equal",split:"val"});return{weights:e.tasks.map(()=>1),scores:t}}var Sr={id:"ew-budget",name:"EW + budget",text:"Equal weighting, tuned for as much longer as CoTBal\u2019s probes would take.",formula:"\u03BB_i = 1",source:"EW at CoTBal\u2019s cost; this project",needs:"nothing",constant:!0,look:{color:"blue",mark:"circle-open",dash:"dot"},balancer:({tasks:e})=>U(Sr.id,Array.from({length:e},()=>1)),models(e){e.tune({folder:`methods/${Sr.id}`,data:ye(e.tasks,"all"),split:"test",weighting:{method:Sr.id},keep:!0,withProbes:!0})}};var Ar={id:"ew-natural",name:"EW natural",text:"Equal weighting on tasks drawn by their sizes: the reference for mixing weights.",formula:"\u03BB_i = 1",source:"EW without --mix; this project",needs:"nothing",constant:!0,look:{color:"blue",mark:"square-open",dash:"dashdot"},balancer:({tasks:e})=>U(Ar.id,Array.from({length:e},()=>1)),models(e){e.tune({folder:`methods/${Ar.id}`,data:ye(e.tasks,"all"),split:"test",weighting:{method:Ar.id},sampling:"size",keep:!0})}};function So(e){let o=0,s=0,i=1,a=1;return c=>(o=.9*o+(1-.9)*c,s=.999*s+(1-.999)*c*c,i*=.9,a*=.999,e*(o/(1-i))/(Math.sqrt(s/(1-a))+1e-8))}var __=1e-8;function y_(e,{rate:t=.025,decay:n=.01}={}){let r=new Array(e).fill(0),o=r.map(()=>So(t)),s=new Array(e).fill(null);return{name:Pi.id,weights(){let i=s.filter(a=>a!==null);return i.length<e?r.map(()=>1):le(i.map((a,c)=>r[c]-a),1)},observe({taskLoss:i}){let a=[];for(let[l,f]of i.entries()){if(f===null)continue;let d=Math.log(Math.max(f,__));s[l]!==null&&a.push({i:l,d:s[l]-d}),s[l]=d}if(a.length<2)return;let c=le(a.map(({i:l})=>r[l]),1).map(l=>l/a.length),u=a.reduce((l,{d:f},d)=>l+c[d]*f,0);for(let[l,{i:f,d}]of a.entries())r[f]-=o[f](c[l]*(d-u)+n*r[f])}}}var Pi={id:"famo",name:"FAMO",text:"A task gains weight while its loss falls by a smaller share than the others\u2019.",formula:"\u03BB_i = K \xB7 (z_i / L_i) / \u03A3_j (z_j / L_j)",symbols:"K: tasks; L_i: loss of task i; z: softmax of logits that learn from the change of log L",source:"arXiv 2306.03792",needs:"nothing",constant:!1,equalSteps:20,look:{color:"sky",mark:"square",dash:"solid"},balancer:({tasks:e})=>y_(e)};function b_(e,t,n){let r=t.filter(s=>!Object.hasOwn(e,s)),o=Object.keys(e).filter(s=>!t.includes(s));if(r.length>0||o.length>0){let s=[...r.length>0?[`none for ${r.join(", ")}`]:[],...o.length>0?[`one for ${o.join(", ")}`]:[]];throw new y(`${n}: expected a weight for each of the tasks ${t.join(", ")}, found ${s.join(" and ")}`)}for(let s of t){let i=e[s];if(!(typeof i=="number"&&Number.isFinite(i)&&i>=0))throw new y(`${n}: expected a weight of 0 or more for ${s}, found ${i}`)}if(t.every(s=>e[s]===0))throw new y(`${n}: expected a weight above 0 for one task or more, found 0 for all`);return t.map(s=>e[s])}var Ao={id:"fixed",name:"fixed",text:"Weights given by hand: --lambda task=x,\u2026 or --weights FILE, a weights.json.",formula:"\u03BB_i = x_i",symbols:"x_i: what was given for task i",source:"\u2013",needs:"nothing",constant:!0,look:{color:"ink",mark:"diamond",dash:"dot"},balancer({weights:e}){if(e===void 0)throw new y("fixed: expected weights, one a task, found none");return U(Ao.id,e)},models(e){let{lambda:t}=e.settings;if(t===void 0)throw new y("--methods fixed: expected task weights with it, found none; give --lambda task=x,\u2026 or --weights FILE");kr(e,Ao.id,b_(t,e.tasks,"--lambda, --weights"))}};function v_(e,t={}){let{from:n=100,to:r=199}=t;if(!Number.isInteger(n)||!Number.isInteger(r)||n<1||r<n)throw new y(`igbv1: expected the base's first and last step, from 1 on, found ${n} and ${r}`);let o=new Array(e).fill(0),s=new Array(e).fill(0),i=new Array(e).fill(null),a=0;return{name:ji.id,weights(){return a<r?o.map(()=>1):le(i.map((c,u)=>x_(c,o[u],s[u])),1)},observe({step:c,taskLoss:u}){a=c;for(let[l,f]of u.entries())f!==null&&(i[l]=f,!(c<n||c>r)&&(o[l]+=f,s[l]++))}}}function x_(e,t,n){return e===null||n===0||t===0?1:e/(t/n)}var ji={id:"igbv1",name:"IGBv1",text:"Improvable gap balancing: a task weighs the more, the less of its loss is gone.",formula:"\u03BB = K \xB7 softmax(L / base)",symbols:"K: tasks; L_i: loss of task i; base_i: its mean over steps 100 to 199, all weights are 1 before",source:"arXiv 2307.15429; a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,equalSteps:200,look:{color:"ink",mark:"square-open",dash:"dashdot"},balancer:({tasks:e})=>v_(e)};function k_(e){let t=e.map(o=>o>0?1/o:0),n=t.reduce((o,s)=>o+s,0),r=e.filter(o=>o>0).length;return t.map(o=>r*o/n)}var Bi={id:"inverse-size",name:"inverse size",text:"The fewer samples a task has, the more each of them weighs.",formula:"\u03BB_i = N \xB7 (1/n_i) / \u03A3_j (1/n_j)",symbols:"n_i: training conversations of task i; N: tasks",source:"inverse frequency weighting, applied to tasks",needs:"nothing",constant:!0,look:{color:"ink",mark:"circle",dash:"dash"},balancer:({samples:e})=>U(Bi.id,k_(e))};function Or(e,t=Oe){let n=e.findIndex(f=>!(f>0)||!Number.isFinite(f));if(n>=0)throw new y(`weight of task ${n+1}: expected a number above 0, found ${e[n]}`);let[r,o]=t,s=f=>e.map(d=>Math.min(o,Math.max(r,f*d))),i=f=>f.reduce((d,p)=>d+p,0),a=e.length/i(e),c=s(a);if(c.every((f,d)=>f===a*e[d]))return c;let[u,l]=[r/Math.max(...e),o/Math.min(...e)];for(let f=0;f<100;f++){let d=(u+l)/2;i(s(d))<e.length?u=d:l=d}return s(l)}function Oo(e,t){return Array.from({length:e},(n,r)=>(r===t?2:1)*e/(e+1))}function Tn(e,t){let[n,r]=Oe.map(Math.log);return Or(Array.from({length:e},()=>Math.exp(n+(r-n)*t.next())))}function Ut(e){let t=e.map(Math.log),n=t.reduce((r,o)=>r+o,0)/t.length;return t.map(r=>r-n)}function To(e){let t=e.length,n=e.map(()=>new Array(t).fill(0));for(let r=0;r<t;r++)for(let o=r;o<t;o++){let s=e[o][r];for(let i=0;i<r;i++)s-=n[o][i]*n[r][i];o===r?n[o][r]=s>1e-12*e[r][r]?Math.sqrt(s):0:n[o][r]=n[r][r]===0?0:s/n[r][r]}return n}function zi(e,t){let n=[];for(let[r,o]of e.entries()){let s=t[r];for(let i=0;i<r;i++)s-=o[i]*n[i];n.push(s/o[r])}return n}var $_=[.5,1,2,4],E_=[0,.25,1,4,16,64,256,1024],S_=[1,2,4,8],A_=.001;function Bu(e,t,n){if(e.length===0||e.length!==t.length)throw new y(`expected one score or more, one a point, found ${t.length} and ${e.length} points`);if(![...e.flat(),...t,n].every(Number.isFinite))throw new y("expected finite points, scores and noise");let r=Math.max(A_,n),o=4*(r+t.reduce((u,l)=>u+l*l,0)/t.length),s=O_(e,t,r,o),i=({signal:u,length:l},f,d)=>o+zu(u,l,f,d),a=u=>s.map(l=>{let f=e.map(m=>u.reduce((g,[w,_])=>g+w*i(l,_,m),0)),d=zi(l.lower,f),p=0;for(let[m,g]of u)for(let[w,_]of u)p+=m*w*i(l,g,_);for(let m of d)p-=m*m;let h=d.reduce((m,g,w)=>m+g*l.solved[w],0);return{share:l.share,mean:h,variance:Math.max(0,p)}}),c=u=>{let l=u.reduce((d,p)=>d+p.share*p.mean,0),f=u.reduce((d,p)=>d+p.share*(p.variance+(p.mean-l)**2),0);return{mean:l,deviation:Math.sqrt(f)}};return{at:u=>c(a([[1,u]])),difference:(u,l)=>c(a([[1,u],[-1,l]])),improvement:(u,l)=>a([[1,u]]).reduce((f,{share:d,mean:p,variance:h})=>f+d*T_({mean:p,deviation:Math.sqrt(h)},l),0)}}function zu(e,t,n,r){if(e===0)return 0;let o=n.reduce((s,i,a)=>s+(i-r[a])**2,0);return e*Math.exp(-o/(2*t*t))}function O_(e,t,n,r){let o=[];for(let c of S_)for(let u of E_)for(let l of $_){let f=u*n,d=To(e.map((m,g)=>e.map((w,_)=>r+zu(f,l,m,w)+(g===_?c*n:0)))),p=zi(d,t),h=-p.reduce((m,g)=>m+g*g,0)/2-d.reduce((m,g,w)=>m+Math.log(g[w]),0);o.push({length:l,signal:f,lower:d,solved:p,evidence:h,share:0})}let s=Math.max(...o.map(({evidence:c})=>c));for(let c of o)c.share=Math.exp(c.evidence-s);let i=o.filter(({share:c})=>c>1e-4),a=i.reduce((c,{share:u})=>c+u,0);for(let c of i)c.share/=a;return i}function T_({mean:e,deviation:t},n){let r=e-n;if(t===0)return Math.max(0,r);let o=r/t,s=Math.exp(-o*o/2)/Math.sqrt(2*Math.PI);return Math.max(0,r*M_(o)+t*s)}function M_(e){let t=1/(1+.2316419*Math.abs(e)),r=t*(.31938153+t*(-.356563782+t*(1.781477937+t*(-1.821255978+t*1.330274429))))*Math.exp(-e*e/2)/Math.sqrt(2*Math.PI);return e>=0?1-r:r}function ae(e){return e.reduce((t,n)=>t+n,0)/e.length}var N_=512;function qu(e){let t=e.flatMap(({tried:s})=>s),n=e.flatMap(({tried:s})=>s.map(({scores:i})=>ae(i)-ae(s[0].scores))),r=e.flatMap(({tried:s})=>s.slice(1).map(({errors:i})=>i.reduce((a,c)=>a+c*c,0)/i.length**2)),o=r.length===0?0:ae(r)/2;return{surface:Bu(t.map(({lambda:s})=>Ut(s)),n,o),trials:t,gains:n}}function Du(e,t){let n={index:0,mean:-1/0};for(let[r,{lambda:o}]of t.entries()){let{mean:s}=e.at(Ut(o));s>n.mean&&(n={index:r,mean:s})}return n}function Mo(e,t){let n=e.tasks.length,{surface:r,trials:o}=qu([e]),{index:s,mean:i}=Du(r,o),a=o[s].lambda,[c,u]=Oe,l={lambda:a,improvement:-1};for(let f=0;f<N_;f++){let d=f%2===0?Tn(n,t):Or(a.map(h=>Math.min(u,Math.max(c,h*Math.exp(.25*t.normal()))))),p=r.improvement(Ut(d),i);p>l.improvement&&(l={lambda:d,improvement:p})}return l}function No(e){let{surface:t,trials:n,gains:r}=qu(e),o=Ut(n[0].lambda),{index:s}=Du(t,n),{lambda:i}=n[s],a=t.difference(Ut(i),o),c=e.flatMap(({seed:u,tried:l})=>l.map(()=>u));return{lambda:[...i],gain:a.mean,gainError:a.deviation,tried:n.map((u,l)=>({seed:c[l],lambda:u.lambda,scored:r[l],expected:t.difference(Ut(u.lambda),o).mean}))}}function Mn(e,t,n){return new J(t).fork(`${e}/trial-${n}`)}var Nn={id:"stl",name:"STL",text:"Single-task learning: a model a task, each tuned on that task alone.",formula:"L = L_i",symbols:"L_i: mean loss an answer token of task i, in the model of task i",source:"the base of arXiv 2403.04343",needs:"own models",constant:!0,look:{color:"green",mark:"square",dash:"dot"},asBase:"\u0394I and \u0394E are taken against STL: every task tuned alone, as in the paper.",balancer:({tasks:e})=>U(Nn.id,Array.from({length:e},()=>1)),models(e){let t=e.tasks.map(n=>e.tune(Tr(e,n)));e.join(`methods/${Nn.id}`,t)}};function Tr(e,t){return{folder:`methods/${Nn.id}/${e.folderOf(t)}`,data:{[t]:"all"},split:"test",tasks:[t],weighting:{method:Nn.id}}}var C_=12,Ft={id:"merge",name:"Merge",text:"Models of single tasks, averaged by weights, are scored; the best weights tune one model.",formula:"\u03BB = N \xB7 argmax_p mean_j V_j(\u03B8_0 + \u03A3_i p_i \xB7 (\u03B8_i \u2212 \u03B8_0))",symbols:"p: shares of the merge; \u03B8_0, \u03B8_i: the base, and the model of task i; V_j: validation score of task j",source:"arXiv 2602.04937",needs:"own models",constant:!0,look:{color:"orange",mark:"triangle-down",dash:"dash"},balancer({weights:e}){if(e===void 0)throw new y("merge: expected weights, one a task, found none");return U(Ft.id,e)},measure(e){let t=e.tasks.map(a=>{let c=Tr(e,a);return e.tune({...c,keep:!0}),c.folder}),n=[],r=a=>`probes/merge/${String(a+1).padStart(2,"0")}`,o=a=>{let c=e.merge({models:t,folder:r(n.length),weights:a,split:"val"});n.push({weights:a,scores:c})},s=e.settings.mergeBudget??C_,i=Math.floor(s/4);for(let a of I_(e,s-i))o(a);for(let a=0;a<i;a++)o(e.propose({method:Ft.id,folder:r(n.length),tried:n}));return e.weigh({method:Ft.id,folder:"probes/merge",scores:{base:e.scoreBase("val")},tried:n,table:"merge-trials.json",weights:"merge.json"})},propose(e){let t=Mn(Ft.id,e.seed,e.tried.length);return{tasks:e.tasks,...Mo(e,t),warnings:[]}},weigh(e){let t=e,{tasks:n}=t[0],r=n.filter((s,i)=>t.every(({base:a,tried:c})=>ae(c.map(({scores:u})=>u[i]-a[i]))<1)),o=r.length===0?[]:[`merge: merged models answer ${r.join(", ")} no better than the untuned base, so these tasks had no say in the weights: shares this small undo what their own models learnt.`];return{tasks:n,...No(t),warnings:o}}};function I_(e,t){let n=e.tasks.length;return Array.from({length:t},(r,o)=>o===0?Array.from({length:n},()=>1):o<=n?Oo(n,o-1):Tn(n,Mn(Ft.id,e.seed,o)))}var Kt=1.96;function qi(e){let{units:t}=e,n=xo(e),r=t.map((T,M)=>R_(e,n,T,M)),o=r.map(T=>T.flatMap(({j:M,clear:Z})=>Z?[M]:[])),s=Di(t,o,n),{mini:i,plus:a}=s,c=s.blank??t.map(()=>0),u=t.map((T,M)=>a[M][M]),l=(T,M)=>L_(e,n,T,o[T],M),f=t.map((T,M)=>u[M]-i[M]),d=t.map((T,M)=>Math.sqrt(l(M,new Map([[1+M,1],[0,-1]])))),p=t.length+1,h=t.map((T,M)=>u[M]-c[M]),m=(T,M)=>[[1+T,M],...R(-M)],g=t.map((T,M)=>Math.sqrt(l(M,new Map(m(M,1))))),{matrix:w}=vn(i,a,d.map(T=>Kt*T)),_=w.map((T,M)=>T.map((Z,ee)=>Z===null?0:l(ee,Wu([[1+M,1],[0,-1+Z],[1+ee,-Z]]))/f[ee]**2)),b=xn(w.flat(),_.flat()),v=w.map((T,M)=>T.map((Z,ee)=>b.values[M*t.length+ee])),x=w.map((T,M)=>T.map((Z,ee)=>b.own[M*t.length+ee])),S=bt(i,u,c).map((T,M)=>h[M]>Kt*g[M]?T:null),O=S.map((T,M)=>T===null?0:l(M,Wu([[1+M,1],[0,-1],...m(M,-T)]))/h[M]**2);return{scores:n,joined:s,counted:o,leftOut:r.map(T=>T.filter(({clear:M})=>!M)),ownGain:f,ownGainError:d,learnt:h,learntError:g,raw:w,contribution:v,contributionOwn:x,contributionOut:xt(v),contributionIn:kt(v),rawDifficulty:S,difficulty:xn(S,O)};function R(T){return e.blank?[[p,T]]:[]}}function Di(e,t,{mini:n,plus:r,blank:o}){let s=i=>e.map(({tasks:a},c)=>Mi(i,a,t[c],u=>r[u][u]));return{mini:s(n),plus:e.map(({tasks:i})=>s(r[i[0]])),...o&&{blank:s(o)}}}function R_(e,t,{tasks:n},r){return n.length===1?[{j:n[0],own:t.plus[n[0]][n[0]],error:0,clear:!0}]:n.map(o=>{let s=t.plus[o][o],i=Math.sqrt(kn(e.columns[o][1+r]).total);return{j:o,own:s,error:i,clear:s>Kt*i}})}function Wu(e){let t=new Map;for(let[n,r]of e)t.set(n,(t.get(n)??0)+r);return t}function L_(e,t,n,r,o){if(e.units[n].tasks.length===1)return Ni([Uu(e.columns[r[0]],o)]).total;let s=[t.mini,...e.units.map(({tasks:i})=>t.plus[i[0]]),t.blank??[]];return Ni(r.map(i=>{let a=t.plus[i][i],c=100/(r.length*a),u=[...o].reduce((f,[d,p])=>f+p*s[d][i],0),l=new Map([...o].map(([f,d])=>[f,c*d]));return l.set(1+n,(l.get(1+n)??0)-c*u/a),Uu(e.columns[i],l)})).total}function Uu(e,t){return e[0].map((n,r)=>{let o=new Float64Array(n.length);for(let[s,i]of t){let a=e[s][r];for(let c=0;c<o.length;c++)o[c]+=i*a[c]}return o})}function Fu(e,t,n,r){let o=[];e.draws===1&&o.push("The probes were tuned once: standard errors know of the questions alone, not of the luck of subsets and order. Three draws (--probe-seeds 3) or more would show it."),e.blank||o.push("No model was asked with blank images: the difficulties count from 0.");let{mini:s,blank:i}=t.joined,a=c=>Number.isFinite(c)?re(c):"unknown (one question)";e.units.forEach(({name:c},u)=>{for(let{j:l,own:f,error:d}of t.leftOut[u])o.push(lo(e.tasks[l],c,`V(own + mini) is ${re(f)} with a standard error of ${a(d)}, not above ${Kt} of them`));e.units.length>1&&t.raw.every(l=>l[u]===null)&&o.push(`${c}: its own gain is ${re(t.ownGain[u])} points with a standard error of ${a(t.ownGainError[u])}, not above ${Kt} of them: the contributions into it are undefined and left out of the means.`),t.rawDifficulty[u]===null?o.push(`${c}: with its own data it scores ${re(t.learnt[u])} points above blank images, with a standard error of ${a(t.learntError[u])}, not above ${Kt} of them: its difficulty is undefined; the task gets weight 1 in that part.`):i!==void 0&&s[u]<i[u]&&o.push(`${c}: V(mini) is ${re(s[u])}, below the ${re(i[u])} of blank images, and counts as that.`)});for(let[c,u]of Object.entries(e.fixed))o.push(uo(c,u));return n>r&&o.push(`The temperature was raised from ${re(r)} to ${re(n)}, the lowest that keeps every weight in the band.`),o}function Wi(e,t={}){let n={...t.alpha??Ti};wr(n);let r=typeof t.temperature=="number"?t.temperature:_r,o=qi(e),s={out:o.contributionOut,in:o.contributionIn,difficulty:o.difficulty.values},i=Math.max(r,co(s,n)),a=yt(s,n,i),c=e.units.map(({name:d})=>d),u=Ku(e),l=u.factor(a.lambda),f=new Set(c.flatMap((d,p)=>o.raw.some((h,m)=>m!==p&&h[p]===null)?[p]:[]));return{tasks:[...e.tasks],temperature:i,alpha:n,contribution:u.cells(o.contribution),contributionOut:u.values(o.contributionOut),contributionIn:u.values(o.contributionIn),difficulty:u.values(o.difficulty.values),lambdaOut:u.weights(a.out,l),lambdaIn:u.weights(a.in,l),lambdaDifficulty:u.weights(a.difficulty,l),lambda:u.weights(a.lambda,l),warnings:[...Fu(e,o,i,r),...yr(c,{contributionOut:o.contributionOut,contributionIn:o.contributionIn,difficulty:o.rawDifficulty.map(d=>d??0)},f),...qt(c,a.lambda,i,!0),...po(e.units,a.lambda,l,i)],...P_(e),scores:o.scores,draws:e.draws,ownGain:u.values(o.ownGain),ownGainError:u.values(o.ownGainError.map(d=>Number.isFinite(d)?d:null)),rawContribution:u.cells(o.raw),contributionOwn:u.cells(o.contributionOwn),rawDifficulty:u.values(o.rawDifficulty),difficultyOwn:u.values(o.difficulty.own)}}function Ku({tasks:e,units:t,fixed:n}){return fo(e,t.map(({tasks:r})=>r),n)}function P_({tasks:e,units:t}){let n=t.filter(r=>r.tasks.length>1||r.name!==e[r.tasks[0]]);return n.length===0?{}:{groups:Object.fromEntries(n.map(r=>[r.name,r.tasks.map(o=>e[o])]))}}function Gu(e,t={},n){let r=qi(e),o=Wi(e,t),{temperature:s,alpha:i}=o,a=Ku(e),c=vr(e,u=>{let l=j_(u,e,r,i,s);return{contribution:a.cells(l.contribution),contributionOut:a.values(l.contributionOut),contributionIn:a.values(l.contributionIn),difficulty:a.values(l.difficulty),lambda:a.weights(l.lambda,a.factor(l.lambda))}},n);return xr(c,o)}function j_(e,{units:t},n,r,o){let{mini:s,plus:i,blank:a}=Di(t,n.counted,e),c=t.map(({tasks:m},g)=>m.length>1&&n.counted[g].some(w=>e.plus[w][w]<=0)),u=(m,g,w,_)=>m===null||_===null?null:m+Math.sqrt(g)*(_-w),l=n.raw.map((m,g)=>m.map((w,_)=>{let b=i[_][_]-s[_],v=w===null||c[_]||b<=0?null:(i[g][_]-s[_])/b;return u(n.contribution[g][_],n.contributionOwn[g][_],w,v)})),f=n.rawDifficulty.map((m,g)=>{let w=i[g][g]-(a?.[g]??0),_=m===null||c[g]||w<=0?null:1-Math.max(0,s[g]-(a?.[g]??0))/w;return u(n.difficulty.values[g],n.difficulty.own[g],m,_)}),d=xt(l),p=kt(l),{lambda:h}=yt({out:d,in:p,difficulty:f},r,o);return{contribution:l,contributionOut:d,contributionIn:p,difficulty:f,lambda:h}}var B_=3,Xe={id:"noise-aware",name:"noise-aware (not the paper\u2019s)",text:"CoTBal changed by us: probes of several draws, blank-image scores subtracted, unclear values left out, the rest shrunk by their noise.",formula:"\u03BB = \u03B1_out\xB7\u03BB_out + \u03B1_in\xB7\u03BB_in + \u03B1_D\xB7\u03BB_D",symbols:"\u03BB_out, \u03BB_in, \u03BB_D: of means over draws, shrunk by their noise, at a temperature of at least 0.5",source:"this package; equations 3 to 8 of arXiv 2403.04343, Morris (1983)",needs:"probes",constant:!0,look:{color:"vermillion",mark:"circle-open",dash:"dot"},balancer({weights:e}){if(e===void 0)throw new y(`${Xe.id}: expected weights, one a task, found none`);return U(Xe.id,e)},measure(e){let t={base:e.scoreBase("val")};for(let n=1;n<=(e.settings.probeSeeds??B_);n++){let r=n===1?{at:"probes",keep:!0}:{at:`probes/draw-${n}`,keep:!0,drawSeed:ko(e,n)},o=Sn(e,r);t[$n("mini",n)]=o,t[$n("plus",n)]=An(e,o,r),t[$n("blank",n)]=e.scoreBlank(`${r.at}/mini`)}return e.weigh({method:Xe.id,folder:`methods/${Xe.id}/weights`,scores:t,table:`methods/${Xe.id}/validation.json`,weights:`methods/${Xe.id}/weights.json`,intervals:`methods/${Xe.id}/intervals.json`})},weigh:(e,t,n)=>Wi(Vu(e,t,n),Hu(t)),intervals:(e,t,n)=>Gu(Vu(e,t,n),Hu(t))};function Vu(e,t,n){if(n===void 0||n.length===0)throw new y(`${Xe.id}: expected the points of single questions beside the scores, found none`);return yo(e[0].tasks,n.flatMap(vo),t)}function Hu({temperature:e,alpha:t}){return{...e!==void 0&&{temperature:e},...t&&{alpha:t}}}var z_="regret.json",q_=10,D_=50,Co={id:"regret",name:"Regret",text:"A task weighs the more, the further equal weights leave it behind a model of its own.",formula:"\u03BB_j \u221D 1 + max(0, A_j \u2212 B_j \u2212 m_j) / 10",symbols:"A_j: validation score of task j tuned alone; B_j: the better one of two models on all tasks with equal weights; m_j: two standard errors",source:"ours, after the excess of DoReMi, arXiv 2305.10429",needs:"own models",constant:!0,look:{color:"purple",mark:"square",dash:"solid"},balancer({weights:e}){if(e===void 0)throw new y("regret: expected weights, one a task, found none");return U(Co.id,e)},measure(e){let{scores:t}=On(e),n=e.tune({folder:"probes/equal-again",data:ye(e.tasks,"all"),split:"val",drawSeed:ko(e,2)}),r=e.tasks.map(o=>{let s=Tr(e,o);e.tune({...s,keep:!0});let i=`probes/regret/${e.folderOf(o)}`;return e.score({model:s.folder,folder:i,split:"val",tasks:[o]})});return e.weigh({method:Co.id,folder:"probes/regret",scores:{alone:$r(e,r),together:t,again:n},table:"regret-scores.json",weights:z_})},weigh(e){return W_(e)}};function W_(e){U_(e);let{tasks:t,questions:n}=e[0],r=m=>t.map((g,w)=>ae(e.map(_=>m(_,w)))),o=r((m,g)=>m.alone[g]),s=r((m,g)=>m.together[g]),i=e.every(({again:m})=>m),a=i?r((m,g)=>m.again[g]):null,c=r((m,g)=>Math.max(m.together[g],i?m.again[g]:-1/0)),u=n.map(m=>2*Math.sqrt(2*D_**2/(m*e.length))),l=t.map((m,g)=>Math.max(0,o[g]-c[g]-u[g])),f=l.map(m=>1+m/q_),d=f.reduce((m,g)=>m+g,0),p=f.map(m=>t.length*m/d),h=[...i||e.every(({again:m})=>!m)?[]:["regret: some seeds were scored with one tuning by equal weights and others with two; the first one counts for all."],...l.some(m=>m>0)?[]:["regret: no task does clearly better alone than on all tasks with equal weights, so all weights are 1: this is EW."],...[...o,...c].some(m=>m>1)?[]:["regret: no score is above 1 of 100 points; shares, such as an accuracy of 0.62, have to be multiplied by 100."]];return{tasks:[...t],lambda:p,warnings:h,alone:o,together:s,again:a,margin:u,regret:l}}function U_(e){let t=e[0];if(t===void 0)throw new y("regret: expected a table or more, found none");for(let[n,{tasks:r,alone:o,together:s,again:i,questions:a}]of e.entries()){let c=e.length===1?"regret":`regret, table ${n+1}`;if(r.join()!==t.tasks.join())throw new y(`${c}: expected the tasks ${t.tasks.join(", ")}, found ${r.join(", ")}`);for(let[u,l]of r.entries()){let f=[["alone",o[u]],["together",s[u]],...i?[["again",i[u]]]:[]];for(let[p,h]of f)if(!Number.isFinite(h))throw new y(`${c}: expected a validation score of ${l}, ${p}, in points, found ${h??"none"}`);let d=a[u];if(!(Number.isInteger(d)&&d>0&&d===t.questions[u]))throw new y(`${c}: expected how many questions of ${l} were asked, ${n===0?"an integer above 0":`${t.questions[u]} as in the first table`}, found ${d??"none"}`)}}}function F_(e,t){let n=new J(t).fork("rlw");return{name:Ui.id,weights(r){let o=n.fork(`${r}`);return le(Array.from({length:e},()=>o.normal()),1)},observe(){}}}var Ui={id:"rlw",name:"RLW",text:"Random loss weighting: every step draws its weights.",formula:"\u03BB = K \xB7 softmax(x)",symbols:"K: tasks; x_i: drawn from N(0, 1), again every step",source:"arXiv 2111.10603; a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,look:{color:"orange",mark:"circle-open",dash:"dot"},balancer:({tasks:e,seed:t})=>F_(e,t)};var K_=8,At={id:"search",name:"Search",text:"Weights are tried in full tunings, each chosen from the scores before; the best tune the model.",formula:"\u03BB = argmax_\u03BB E[mean_j V_j(\u03BB)]",symbols:"V_j: validation score of task j after a tuning with \u03BB; E: mean of the surface through all scores",source:"Bayesian optimisation, arXiv 1206.2944",needs:"own models",constant:!0,look:{color:"ink",mark:"cross",dash:"dashdot"},balancer({weights:e}){if(e===void 0)throw new y("search: expected weights, one a task, found none");return U(At.id,e)},measure(e){let t=[On(e)],n=e.settings.searchBudget??K_;for(let r=1;r<=n;r++){let o=`probes/search/${String(r).padStart(2,"0")}`,s=r<=Math.ceil(n/2)?Tn(e.tasks.length,Mn(At.id,e.seed,r)):e.propose({method:At.id,folder:o,tried:t}),i=e.tune({folder:o,data:ye(e.tasks,"all"),split:"val",weighting:{method:At.id,weights:s}});t.push({weights:s,scores:i})}return e.weigh({method:At.id,folder:"probes/search",scores:{},tried:t,table:"search-trials.json",weights:"search.json"})},propose(e){let t=Mn(At.id,e.seed,e.tried.length);return{tasks:e.tasks,...Mo(e,t),warnings:[]}},weigh(e){let t=e,n=No(t),r=n.gain<=n.gainError?["search: no weights that were tried are clearly better than equal ones."]:[];return{tasks:t[0].tasks,...n,warnings:r}}};var Ju=1e3;function Yu(e){let t=e[0].tasks.length,n=e.map(G_),r=x=>Array.from({length:t},(S,O)=>Array.from({length:t},(R,T)=>x(O,T))),o=r((x,S)=>ae(n.map(O=>O[x][S]))),s=r((x,S)=>ae(e.map(({tried:O})=>O[x+1].errors[S]/Math.log(2)))),i=e.length,a=i===1?null:r((x,S)=>Math.sqrt(Zu(n.map(O=>O[x][S]))/i)),c=o.map(ae),u=n.map(x=>x.map(ae)),l=V_(e,u),f=Xu(c),d=(x,S)=>x.reduce((O,R,T)=>O+R*(S[T]-1),0),p=f.map(x=>x-1),h=J_(l,p),m=Qu(c),g=l.reduce((x,S,O)=>x+S[O]-ae(S),0),w=m.reduce((x,S)=>x+S*S,0),_=w===0?0:Math.max(0,1-g/w),b=Math.max(...m.map(Math.abs)),v=_===0?m.map(()=>1):Or(m.map(x=>Math.exp(_*Math.log(2)*x/b)));return{sensitivity:o,questionErrors:s,seedErrors:a,gradient:c,gradientErrors:l.map((x,S)=>Math.sqrt(x[S])),gain:d(c,f),gainError:Math.sqrt(Math.max(0,h)),gainByNoise:H_(l,x=>d(x,Xu(x))),steepest:f,trust:_,lambda:v}}function G_({tried:e}){let[t,...n]=e;return n.map(({scores:r})=>r.map((o,s)=>(o-t.scores[s])/Math.log(2)))}function V_(e,t){let n=e[0].tasks.length,r=e.length,o=Array.from({length:n},(a,c)=>Array.from({length:n},(u,l)=>ae(e.map(({covariance:f})=>f[c+1][l+1]))/Math.log(2)**2)),s=t.map(Qu),i=r===1?Math.max(0,ae(t[0])**2-ae(o.map(ae)))/(1+1/n):ae(Array.from({length:n},(a,c)=>Zu(s.map(u=>u[c]))))*n/(n-1)/r;return o.map((a,c)=>a.map((u,l)=>u+(c===l?2:1)*i))}function Xu(e){let t=e.length,[n,r]=Oe,o=e.map(()=>n),s=t*(1-n),i=e.map((a,c)=>c).sort((a,c)=>e[c]-e[a]||a-c);for(let a of i){let c=Math.min(r-n,s);o[a]+=c,s-=c}return e.every(a=>a===e[0])?e.map(()=>1):o}function H_(e,t){let n=To(e),r=new J("gain by noise"),o=0;for(let s=0;s<Ju;s++){let i=n.map(()=>r.normal());o+=t(n.map(a=>a.reduce((c,u,l)=>c+u*i[l],0)))}return o/Ju}function Qu(e){let t=ae(e);return e.map(n=>n-t)}function Zu(e){let t=ae(e);return e.reduce((n,r)=>n+(r-t)**2,0)/(e.length-1)}function J_(e,t){return e.reduce((n,r,o)=>n+t[o]*r.reduce((s,i,a)=>s+i*t[a],0),0)}var X_="sensitivity.json",Mr={id:"sensitivity",name:"Sensitivity",text:"Each task\u2019s weight is doubled in turn; weights go where the mean score rises, shrunk by its error.",formula:"log \u03BB_i \u221D \u03A3_j (V_j(2 \xB7 \u03BB_i) \u2212 V_j(1))",symbols:"V_j(2 \xB7 \u03BB_i): validation score of task j with the weight of task i doubled; V_j(1): with equal weights",source:"finite differences; shrinkage by James and Stein, 1961",needs:"own models",constant:!0,look:{color:"sky",mark:"circle-open",dash:"dot"},balancer({weights:e}){if(e===void 0)throw new y("sensitivity: expected weights, one a task, found none");return U(Mr.id,e)},measure(e){let t=On(e),n=e.tasks.map((r,o)=>{let s=Oo(e.tasks.length,o),i=e.tune({folder:`probes/double/${e.folderOf(r)}`,data:ye(e.tasks,"all"),split:"val",weighting:{method:Mr.id,weights:s}});return{weights:s,scores:i}});return e.weigh({method:Mr.id,folder:"probes/sensitivity",scores:{},tried:[t,...n],table:"sensitivity-trials.json",weights:X_})},weigh(e){let t=e,n=Yu(t),r=[];return t.length===1&&r.push("sensitivity: with one seed the errors are those of the validation questions, and of the training only what moves all doublings alike; several seeds tell more."),n.gain<=n.gainByNoise+n.gainError&&r.push("sensitivity: what weights can gain here is not clearly more than noise."),{tasks:t[0].tasks,...n,warnings:r}}};function Y_(e){return{name:Fi.id,weights(t,n){if(n===void 0||n.length!==e)throw new y(`tla, step ${t}: expected the step's answer tokens, one number a task (${e}), found ${n===void 0?"none":n.length}`);let r=n.filter(s=>s>0).length;if(r===0)throw new y(`tla, step ${t}: expected answer tokens, found none`);let o=n.reduce((s,i)=>s+i,0);return n.map(s=>s>0?o/(r*s):0)},observe(){}}}var Fi={id:"tla",name:"TLA",text:"Task-level averaging: every task present in a step weighs the same.",formula:"\u03BB_i = n / (K \xB7 n_i)",symbols:"n_i, n: answer tokens of task i and of all tasks in the step; K: tasks present in it",source:"a baseline of arXiv 2403.04343",needs:"nothing",constant:!1,look:{color:"purple",mark:"triangle-up",dash:"dashdot"},balancer:({tasks:e})=>Y_(e)};var Q_=1e-8;function Z_(e,{rate:t=.025}={}){let n=new Array(e).fill(0),r=n.map(()=>So(t));return{name:Ki.id,weights:()=>le(n.map(o=>-o),1),observe({taskLoss:o}){for(let[s,i]of o.entries())i!==null&&(n[s]-=r[s](.5*(1-Math.exp(-n[s])*Math.max(i,Q_))))}}}var Ki={id:"uw",name:"UW",text:"Uncertainty weighting: every task has a noise that is learnt; the noisier it is, the less it weighs.",formula:"L = \u03A3_i \xBD\xB7exp(\u2212s_i)\xB7L_i + \xBD\xB7s_i",symbols:"s_i: log of the noise of task i, learnt; \u03BB_i = K\xB7exp(\u2212s_i) / \u03A3_j exp(\u2212s_j), K: tasks",source:"arXiv 1705.07115",needs:"nothing",constant:!1,equalSteps:20,look:{color:"orange",mark:"diamond-open",dash:"dash"},balancer:({tasks:e})=>Z_(e)};var Gi=[Nn,St,Sr,Ar,Fi,Ui,Li,ji,Ki,Pi,Si,Bi,Ao,Et,Er,Dt,Wt,Xe,Ft,Co,Mr,At],b3=[St.id,Et.id];function el(e,t=Gi){return t.find(n=>n.id===e)}var e0={name:"base, untuned",color:"@grey",mark:"square-open",dash:"dot"},tl=[{color:"orange",mark:"triangle-down",dash:"dash"},{color:"sky",mark:"cross",dash:"dot"},{color:"ink",mark:"circle-open",dash:"dashdot"},{color:"purple",mark:"diamond-open",dash:"dot"},{color:"orange",mark:"triangle-up-open",dash:"solid"}];function Hi(e,t=Gi){let n=new Map([["base",e0]]),r=0;for(let o of e){if(n.has(o))continue;let s=el(o,t),{color:i,mark:a,dash:c}=s?.look??tl[r++%tl.length];n.set(o,{name:s?.name??(o.length<=4?o.toUpperCase():o),color:`@${i}`,mark:a,dash:c})}return n}function Ji(e,t){return e.get(t)??{name:t,color:"@grey",mark:"cross",dash:"dot"}}function il(e){let t=`color:var(--${e.color.slice(1)})`;if("area"in e)return Vi(t,D`<rect x="0" y="2" width="22" height="10" fill="currentColor" />`);if("mark"in e){let r=e.mark.endsWith("-open")?D`fill="none" stroke="currentColor" stroke-width="2"`:D`fill="currentColor"`;return Vi(t,D`<path d="${t0[e.mark]}" ${r} />`)}let n={solid:"",dash:"6 3",dot:"2 3",dashdot:"7 3 2 3"}[e.dash];return Vi(t,D`<path d="M0 7H22" stroke="currentColor" stroke-width="2.5" stroke-dasharray="${n}" />`)}function Vi(e,t){return D`
    <svg class="swatch" style="${e}" viewBox="0 0 22 14" width="22" height="14"
      aria-hidden="true">${t}</svg>
  `}var nl="M6 7a5 5 0 1 0 10 0a5 5 0 1 0-10 0",rl="M6.5 2.5h9v9h-9z",ol="M11 1l6 6l-6 6l-6-6z",sl="M11 1.5l6 10.5h-12z",t0={circle:nl,diamond:ol,square:rl,"triangle-up":sl,"triangle-down":"M11 12.5l6-10.5h-12z",cross:"M9 2h4v3h3v4h-3v3h-4v-3h-3v-4h3z","circle-open":nl,"square-open":rl,"diamond-open":ol,"triangle-up-open":sl,"x-thin-open":"M7 3l8 8M15 3l-8 8","line-ns-open":"M11 1v12"};var al="\u2013";function Cn(e){return typeof e=="number"&&Number.isFinite(e)}function Ie(e,t=1){if(!Cn(e))return al;let n=Math.abs(e).toFixed(t);return(e<0&&Number(n)!==0?"\u2212":"")+n}function ct(e){return Cn(e)?String(Math.round(e)).replace(/\B(?=(\d{3})+$)/g,","):al}function Xi(e,t,n=t+"s"){return`${ct(e)} ${e===1?t:n}`}function Io(e){return e.length<2?e[0]??"":`${e.slice(0,-1).join(", ")} and ${e[e.length-1]}`}function cl(e,t){return D`
    <figure id="${e}" aria-labelledby="${e}-caption">${t.controls}${t.legend}${t.body}
    <figcaption id="${e}-caption">${t.caption}</figcaption>
    ${t.numbers&&D`<details><summary>The numbers</summary>${t.numbers}</details>`}</figure>
  `}var n0=128;function ll(e,t,n,r,o){let s=n.filter(d=>d!=="base"&&t.answers[d]!==void 0),i=s.map(d=>t.answers[d]?.score??null),a=new Set(s.map(d=>t.answers[d]?.answer.trim())).size>1,c=t.metric!=="cider"&&i.some(Cn),u=[a&&"differ",c&&i.some(d=>Cn(d)&&d<100)&&"wrong",c&&i.every(d=>d===100)&&"right"].filter(Boolean).join(" "),l=t.metric==="iou",f=n.flatMap(d=>{let p=t.answers[d];return p===void 0?[]:[{...p,look:Ji(e.looks,d)}]});return D`
    <article class="sample" data-sample="${o}" data-task="${r}" data-kind="${u}">
      ${t.images.map((d,p)=>s0(e,t,d,p===0,n))}
      <div class="talk">
        <p class="where">${t.task}<span>${t.id}</span></p>
        ${t.before.map(d=>D`<p class="before">${d.question} <b>${d.answer}</b></p>`)}
        <p class="question">${t.question}</p>
        <p class="truth">${l&&ul("@ink",!0)}<b>${t.truth}</b></p>
      </div>
      <table class="answers">
        <tbody>
          ${f.map(({answer:d,score:p,look:h})=>D`
              <tr>
                <th scope="row">${l?ul(h.color,!1):il(h)}${h.name}</th>
                <td>${d.trim()===""?D`<i>nothing</i>`:d}</td>
                <td>${r0(p,t.metric)}</td>
              </tr>
            `)}
        </tbody>
      </table>
    </article>
  `}function r0(e,t){return Cn(e)?t==="cider"?D`<span class="mark partly">${Ie(e,0)}</span>`:e>=100?D`<span class="mark right">✓ right</span>`:e<=0?D`<span class="mark wrong">✗ wrong</span>`:D`<span class="mark partly">◐ ${Ie(e,0)}</span>`:null}function ul(e,t){return D`
    <svg class="swatch" style="color:var(--${e.slice(1)})" viewBox="0 0 22 14" width="22" height="14"
      aria-hidden="true">
      <rect x="4" y="2" width="14" height="10" fill="none" stroke="currentColor" stroke-width="2" ${st("stroke-dasharray",t&&"3 2")} />
    </svg>
  `}function o0(e,t,n){let r=(s,i)=>{let a=wn(s);return a===null?[]:[{box:a,color:"@ink",dashed:!0,name:i}]};if(t.metric!=="iou")return r(t.question,"the box in question");if(t.box!==void 0&&(t.box.scale!==1||t.box.form!=="xyxy"))return[];let o=n.flatMap(s=>{let i=wn(t.answers[s]?.answer??""),{color:a,name:c}=Ji(e.looks,s);return i===null?[]:[{box:i,color:a,dashed:!1,name:c}]});return[...r(t.truth,"truth"),...o]}function s0(e,t,n,r,o){let s=r?o0(e,t,o):[],i=s.length===0?"":`, with boxes: ${s.map(f=>f.name).join(", ")}`,a=s.map(({box:f},d)=>s.slice(0,d).filter(p=>a0(f,p.box)).length),c=st("data-small",n.size<=n0),u=n.size,l=`Image of sample ${t.id}${i}`;return D`
    <div class="picture" ${c}>
      <img src="${i0(n.url)}" width="${u}" height="${u}" alt="${l}" decoding="async">
      ${s.length>0&&D`<svg viewBox="0 0 1 1" aria-hidden="true">${s.map((f,d)=>c0(f,a[d]??0))}</svg>`}
    </div>
  `}function i0(e){return/^data:image\/(png|jpeg|webp);base64,[A-Za-z0-9+/=]*$/.test(e)?e:"data:,"}function a0(e,t){return e.every((n,r)=>Math.abs(n-(t[r]??NaN))<.02)}function c0({box:[e,t,n,r],color:o,dashed:s},i){let a=.022*i,c=D`x="${e-a}" y="${t-a}" width="${n-e+2*a}" height="${r-t+2*a}"`,u=`stroke:var(--on-image-${o.slice(1)})`;return D`
    <rect ${c} class="halo" />
    <rect ${c} style="${u}" ${st("class",s&&"dashed")} />
  `}var Ot=new Map([["base",{...Hi([]).get("base"),name:"before training"}],["equal",{name:"equal weights",color:"@ink",mark:"circle-open",dash:"solid"}],["yours",{name:"your weights",color:"@blue",mark:"circle",dash:"solid"}]]);function Ro(e){return e.every(t=>t===e[0])}function fl(e){let t=e.reduce((n,r)=>n+r,0)/e.length;return e.map(n=>n/t)}function Yi(e,t,n){let r=new Map(n.map(o=>[`${o.task} ${o.id} ${o.turn}`,o]));for(let o of e){let s=r.get(`${o.task} ${o.id} ${o.turn}`);s===void 0?delete o.answers[t]:o.answers[t]={answer:s.answer,score:o.metric==="cider"?NaN:s.score}}}function dl(e){let t=[...Ot.keys()];return D`${e.map((n,r)=>ll({looks:Ot},n,t,"",r))}`}var Qi=240,Zi=100;function pl(e,t,n,{end:r,none:o="not in this training"}={}){let s=t.map(({points:d,...p})=>({...p,points:d.flatMap(({step:h,loss:m})=>typeof m[n]=="number"?[{step:h,loss:m[n]}]:[])})).filter(({points:d})=>d.length>0),i=s.at(-1)?.points.at(-1);if(i===void 0)return D`
      <div>
        <p class="panel-title">${e}</p>
        <p class="none">${o}</p>
      </div>
    `;let a=Math.max(...s.flatMap(({points:d})=>d.map(({loss:p})=>p)),1e-6),c=r??Math.max(...t.map(({points:d})=>d.at(-1)?.step??0)),u=d=>c===0?0:d/c*Qi,l=s.map(({points:d,thin:p})=>{let h=d.map(({step:m,loss:g})=>`${u(m).toFixed(1)},${((1-g/a)*(Zi-2)+1).toFixed(1)}`);return h.length===1&&h.unshift(`0,${h[0].split(",")[1]}`),D`<polyline${st("class",p===!0&&"thin")} points="${h.join(" ")}" />`}),f=s.map(({points:d,name:p})=>{let h=d[0],m=d.at(-1);return`Loss of ${e}${p===void 0?"":`, ${p}`}: ${Ie(h.loss,2)} at step ${ct(h.step)}, ${Ie(m.loss,2)} at step ${ct(m.step)}.`});return D`
    <div>
      <p class="panel-title">${e} <span>${Ie(i.loss,2)}</span></p>
      <svg class="loss" viewBox="0 0 ${Qi} ${Zi}" preserveAspectRatio="none" role="img"
        aria-label="${f.join(" ")}">
        <path d="M0 ${Zi-1}H${Qi}" />
        ${l}
      </svg>
      <p class="ends" aria-hidden="true"><span>top ${Ie(a,2)}</span><span>step ${ct(c)}</span></p>
    </div>
  `}function ea(e,t,n,r={}){let o=a=>st("class",(a===0||r.text?.includes(a))&&"words"),s=a=>st("class",r.last===!0&&a===n.length-1&&"sum"),i=a=>a.map((c,u)=>u===0?D`
          <th scope="row" ${o(u)}>${c}</th>
        `:D`<td${o(u)}>${c}</td>`);return D`
    <p class="caption" aria-hidden="true">${e}</p>
    <div class="scroll" role="region" aria-label="${e}" tabindex="0">
      <table aria-label="${e}">
        <thead>
          <tr>${t.map((a,c)=>D`
              <th scope="col" ${o(c)}>${a}</th>
            `)}</tr>
        </thead>
        <tbody>
          ${n.map((a,c)=>D`<tr${s(c)}>${i(a)}</tr>\n`)}
        </tbody>
      </table>
    </div>
  `}var ta=.005;function hl(e,t){let n=t.filter(({points:a})=>a.length>0),r=n.length>1,o=Math.max(0,...n.map(({steps:a})=>a)),s=n.map(({name:a,points:c})=>({points:c,name:Ot.get(a).name,thin:a==="equal"&&r})),i=e.map((a,c)=>pl(a,s,c,{end:o,none:"nothing is trained yet"}));return cl("curves",{legend:r&&D`
      <ul class="legend">
        <li><span class="line thin" aria-hidden="true"></span>equal weights</li>
        <li><span class="line" aria-hidden="true"></span>your weights</li>
      </ul>
    `,body:D`<div class="panels">${i}</div>`,caption:D`<b>${u0(e,n)}</b> Loss of each task’s answers on ${"questions that are never trained on"}, in nats a token, not weighted; each vertical axis begins at 0.`,numbers:n.length>0&&l0(e,n)})}function u0(e,t){let n=t.at(-1)?.points.at(-1);if(n===void 0)return"Nothing is trained yet.";let{name:r,steps:o}=t.at(-1),s=`After ${Xi(n.step,"step")} of ${ct(o)}`,i=t.find(f=>f.name==="equal")?.points.find(({step:f})=>f===n.step);if(r==="equal"||i===void 0){let f=t.at(-1).points[0],d=e.filter((h,m)=>(n.loss[m]??0)<(f.loss[m]??0)-ta),p=Ot.get(r).name;return n.step===0?`Training with ${p} begins.`:d.length===e.length?`${s} with ${p} the loss of every task has fallen.`:`${s} with ${p} the loss of ${Io(d)||"no task"} has fallen.`}if(n.step===0)return"Training with your weights begins where that with equal ones began.";let a=e.map((f,d)=>(n.loss[d]??NaN)-(i.loss[d]??NaN)),c=e.filter((f,d)=>a[d]<-ta),u=e.filter((f,d)=>a[d]>ta),l=[c.length>0&&`lower for ${Io(c)}`,u.length>0&&`higher for ${Io(u)}`].filter(f=>f!==!1);return`${s} the loss with your weights is ${l.length===0?"as with equal ones":`${l.join(", and ")}, than with equal ones`}.`}function l0(e,t){let n=t.flatMap(({name:a,points:c})=>{let{name:u}=Ot.get(a);return[{head:`${u}: step 0`,loss:c[0].loss},{head:`${u}: step ${ct(c.at(-1).step)}`,loss:c.at(-1).loss}]}),r=t.find(({name:a})=>a==="yours"),o=r!==void 0&&!Ro(r.weights),s=o?fl(r.weights):[],i=t.flatMap(({name:a,points:c})=>c.map(({step:u,loss:l})=>[`${Ot.get(a).name}, step ${ct(u)}`,...l.map(f=>Ie(f,3))]));return D`${ea("Held-out losses at the beginning and now, in nats a token",["task",...o?["your \u03BB, mean 1"]:[],...n.map(({head:a})=>a)],e.map((a,c)=>[a,...o?[Ie(s[c],2)]:[],...n.map(({loss:u})=>Ie(u[c],3))]))}${ea("Held-out losses look by look, in nats a token",["training",...e],i)}`}var f0=1e3,se=e=>document.getElementById(`train-${e}`),Lo=e=>document.getElementById(e)?.textContent,Nr=e=>se("status").textContent=e;function ml(){let{tasks:e,examples:t}=JSON.parse(Lo("play")),n=e.map((w,_)=>document.getElementById(`weight-${_}`)),r,o,s=[],i=()=>n.map(({value:w})=>Number(w));function a(){n.forEach(({value:v},x)=>document.getElementById(`weight-${x}-value`).value=Number(v).toFixed(2));let w=i().join(" "),b=[...se("preset").options].find(({dataset:v})=>v.weights?.split(" ").map(Number).join(" ")===w);se("own").hidden=b!==void 0,(b??se("own")).selected=!0,n[0].setCustomValidity(i().some(v=>v>0)?"":"Give one task a weight above 0.")}function c(){ki(se("curves"),hl(e,s).text)}function u(w,_,b){se("progress").hidden=w===void 0,w!==void 0&&(se("doing").textContent=w,b===void 0?se("done").removeAttribute("value"):Object.assign(se("done"),{max:b,value:_}))}function l(w){clearTimeout(o),o=void 0,se("start").disabled=!1,se("stop").disabled=!0,u(),Nr(w)}function f(w){r?.terminate(),r=void 0,l(w)}let d={doing({what:w,done:_,of:b}){_===void 0&&Nr(`${w} \u2026`),u(w,_,b)},answers({of:w,answers:_}){Yi(t,w,_),ki(document.getElementById("play-samples"),dl(t).text)},step({run:w,log:_}){let{steps:b}=s.find(({name:v})=>v===w);u(`Step ${_.step} of ${b}, weighted loss of the step ${_.loss.toFixed(2)}`,_.step,b)},look({run:w,point:_}){s.find(({name:b})=>b===w).points.push(_),c()},done:()=>l("Trained. The curves and the answers below show what came of it."),stopped:({what:w})=>l(`Training ${w}.`),failed:({what:w,adapter:_})=>f(_?xi:`Training failed: ${w}`)};function p(){let w=['"use strict";',Lo("playing")],_=URL.createObjectURL(new Blob(w,{type:"text/javascript"}));r=new Worker(_,{name:"training"}),URL.revokeObjectURL(_),r.addEventListener("message",({data:b})=>d[b.kind](b)),r.addEventListener("error",({message:b})=>f(`Training failed: ${b||"its worker did not start"}`))}function h(){let w={weights:i(),steps:Number(se("steps").value),seed:Number(se("seed").value)},_=s.find(({name:S,steps:O,seed:R,points:T})=>S==="equal"&&O===w.steps&&R===w.seed&&T.at(-1)?.step===O),b=[..._===void 0?[{name:"equal",...w,weights:e.map(()=>1)}]:[],...Ro(w.weights)?[]:[{name:"yours",...w}]];if(b.length===0)return Nr("Training with equal weights, this seed and as many steps is shown already.");s=[..._===void 0?[]:[_],...b.map(S=>({...S,points:[]}))];for(let{name:S}of b)Yi(t,S,[]);c(),se("start").disabled=!0,se("stop").disabled=!1,Nr("Beginning \u2026");let v=r===void 0;v&&p();let x=v?{models:Lo("models"),data:Lo("play-data")}:{};r.postMessage({kind:"train",...x,runs:b})}function m(){r===void 0||o!==void 0||(Nr("Stopping \u2026"),r.postMessage({kind:"stop"}),o=setTimeout(()=>f("Training was stopped."),f0))}let g=au();if(g!==void 0){se("missing").textContent=g,se("missing").hidden=!1;return}se("form").hidden=!1,se("form").addEventListener("submit",w=>{w.preventDefault(),h()}),se("stop").addEventListener("click",m),se("preset").addEventListener("change",()=>{let w=se("preset").selectedOptions[0].dataset.weights.split(" ");n.forEach((_,b)=>_.value=w[b]),a()});for(let w of n)w.addEventListener("input",a);a()}function Te(e){return e.facts.isFallbackAdapter?"cpu":"gpu"}var gl=`// Reductions over the eight invocations tx = 0 \u2026 7 that share own rows 4\xB7ty \u2026 of a tile.
var<workgroup> shared_rows: array<vec4f, 64>; // [tx, own rows / 4]

// The largest of their values and of \`least\`.
fn max_across(value: vec4f, least: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var top = least;
  //#repeat t 8
  top = max(top, shared_rows[\${8 * t}u + ty]);
  //#end t
  return top;
}

fn sum_across(value: vec4f, tx: u32, ty: u32) -> vec4f {
  shared_rows[tx * 8u + ty] = value;
  workgroupBarrier();
  var sum = vec4f();
  //#repeat t 8
  sum += shared_rows[\${8 * t}u + ty];
  //#end t
  return sum;
}
`;var wl=`//#include activations
// The activation function that is asked for, and its derivative.
//#if GELU
fn activate(x: f32) -> f32 { return gelu(x); }
fn derivative(x: f32) -> f32 { return gelu_derivative(x); }
//#elif QUICK_GELU
fn activate(x: f32) -> f32 { return quick_gelu(x); }
fn derivative(x: f32) -> f32 { return quick_gelu_derivative(x); }
//#elif GELU_TANH
fn activate(x: f32) -> f32 { return gelu_tanh(x); }
fn derivative(x: f32) -> f32 { return gelu_tanh_derivative(x); }
//#elif SILU
fn activate(x: f32) -> f32 { return silu(x); }
fn derivative(x: f32) -> f32 { return silu_derivative(x); }
//#end GELU
`;var _l=`// The activation functions and their derivatives.

// erf by Abramowitz and Stegun 7.1.26: absolute error below 2e-7.
fn erf(x: f32) -> f32 {
  let t = 1.0 / fma(0.3275911, abs(x), 1.0);
  let poly = t * fma(t, fma(t, fma(t, fma(t, 1.061405429, -1.453152027), 1.421413741), -0.284496736), 0.254829592);
  let e = 1.0 - poly * exp(-x * x);
  return select(e, -e, x < 0.0);
}

fn sigmoid(x: f32) -> f32 { return 1.0 / (1.0 + exp(-x)); }

// GELU: x\xB7\u03A6(x) with the exact normal distribution.
fn gelu(x: f32) -> f32 { return 0.5 * x * (1.0 + erf(x * 0.70710678)); }
fn gelu_derivative(x: f32) -> f32 {
  return 0.5 * (1.0 + erf(x * 0.70710678)) + x * 0.39894228 * exp(-0.5 * x * x);
}

// quick-GELU: x\xB7sigmoid(1.702 x), CLIP's.
fn quick_gelu(x: f32) -> f32 { return x * sigmoid(1.702 * x); }
fn quick_gelu_derivative(x: f32) -> f32 {
  let s = sigmoid(1.702 * x);
  return s + 1.702 * x * s * (1.0 - s);
}

// GELU by tanh: x\xB7\xBD(1 + tanh u) = x\xB7sigmoid(2u), u = \u221A(2/\u03C0)\xB7(x + 0.044715 x\xB3); SigLIP's.
fn gelu_tanh_inner(x: f32) -> f32 { return 1.5957691 * x * fma(0.044715 * x, x, 1.0); }
fn gelu_tanh(x: f32) -> f32 { return x * sigmoid(gelu_tanh_inner(x)); }
fn gelu_tanh_derivative(x: f32) -> f32 {
  let s = sigmoid(gelu_tanh_inner(x));
  return s + 1.5957691 * x * s * (1.0 - s) * fma(0.134145 * x, x, 1.0);
}

// SiLU: x\xB7sigmoid(x).
fn silu(x: f32) -> f32 { return x * sigmoid(x); }
fn silu_derivative(x: f32) -> f32 {
  let s = sigmoid(x);
  return s + x * s * (1.0 - s);
}
`;var yl=`// What the backward passes of attention bind besides.
@group(0) @binding(4) var<storage, read_write> d_o: array<vec4f>;  // [rows, heads\xB7D]
@group(0) @binding(5) var<storage, read_write> delta: array<f32>;  // [rows, heads] dO\xB7o
@group(0) @binding(6) var<storage, read_write> dqkv: array<vec4f>; // [rows, (heads + 2\xB7groups)\xB7D]
`;var bl=`// What every pass of attention binds, and how it lies. D, the head size, is four times D4.
struct Params { rows: u32, heads: u32, groups: u32, causal: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<qkv_t4>; // [rows, (heads + 2\xB7groups)\xB7D] queries, keys, values
@group(0) @binding(1) var<storage, read_write> span: array<vec2i>; // [rows] first and end of the row's sequence
@group(0) @binding(2) var<storage, read_write> o: array<o_t4>;     // [rows, heads\xB7D]
@group(0) @binding(3) var<storage, read_write> lse: array<f32>;    // [rows, heads] log \u03A3 exp of the scores

// vec4s of a row of qkv, and of a row of o.
fn qkv_stride() -> u32 { return (p.heads + 2u * p.groups) * \${D4}u; }
fn o_stride() -> u32 { return p.heads * \${D4}u; }

// Where in a row of qkv a head's queries begin, and the keys and values of a key-value head.
fn query_at(head: u32) -> u32 { return head * \${D4}u; }
fn key_at(group: u32) -> u32 { return (p.heads + group) * \${D4}u; }
fn value_at(group: u32) -> u32 { return key_at(group) + p.groups * \${D4}u; }
`;var vl="    //#include attention_score\n    // weight = exp(score\xB7scale \u2212 lse) and d_score = weight\xB7(d_weight \u2212 delta) of own row r and row j\n    var dw${r} = own_value${r}_0 * other_value0;\n    //#repeat d D4MORE\n    dw${r} = fma(own_value${r}_${d + 1}, other_value${d + 1}, dw${r});\n    //#end d\n    let score${r} = lane_sum(s${r}) * p.scale;\n    let weight${r} = select(0.0, exp(score${r} - lse${r}), j >= range${r}.x && j < range${r}.y);\n    let d_score${r} = weight${r} * (lane_sum(dw${r}) - delta${r});\n";var xl="    // score: own row r times the other side's row.\n    var s${r} = own${r}_0 * other0;\n    //#repeat d D4MORE\n    s${r} = fma(own${r}_${d + 1}, other${d + 1}, s${r});\n    //#end d\n";var kl=`// How attention goes with tiles in workgroup memory.
//
// A workgroup of 64 invocations, eight by eight, holds 32 rows of a head, its own side: queries, or keys for the gradient
// of the keys. It walks over the rows of the other side, 32 at a time. Of a tile of 32\xD732 pairs an invocation makes 4\xD74:
// rows 4\xB7ty \u2026 of its own side, a vec4, and rows tx, tx + 8, \u2026 of the other. A tile takes these steps:
//
//   scores     own\xB7other\u1D40, DEPTH vec4 of the head size at a time, both sides brought into \`stage\`. Own rows are
//              turned there, so that one vec4 holds one value of four rows.
//   weights    of the pairs, or their gradients, in registers
//   sums       weights\xB7other (attention_tile_sums.wgsl): the weights go through \`pairs\`, STEP rows of the other side at
//              a time through \`stage\`. An invocation makes its four rows of the vec4s tx, tx + 8, \u2026 of the head (VCOLS).
//
// Banks: PITCH is odd, so that eight neighbouring rows lie in different banks; all else that eight neighbours read is
// one vec4 or eight in a row. With BLOCK sums go in blocks of so many rows, and no tile goes beyond a block: what of a
// tile lies behind its end counts as 0. The loops' bounds are the same for all invocations, as barriers want it.

// Own side [DEPTH\xB74, 32 / 4], then the other [32, PITCH]; or rows to be summed [STEP, D].
var<workgroup> stage: array<vec4f, \${32 * (DEPTH + PITCH)}>;
var<workgroup> pairs: array<vec4f, 256>;  // weights [other row, own rows / 4]
var<workgroup> ranges: array<vec2u, 32>;  // first and end of what own rows see, or are seen by
var<workgroup> range_of_all: vec2u;
//#if BLOCK
var<workgroup> sequences: array<vec2u, 32>; // first and end of own rows' sequences
var<workgroup> stop_of_all: u32;
//#end BLOCK

// Where a head's 4\xB7D4 values of 32 rows begin: in qkv, or in dO.
struct Tile { gradient: bool, row: u32, at: u32 }

fn load_four(tile: Tile, row: u32, at: u32) -> mat4x4f {
  let last = p.rows - 1u;
  return mat4x4f(
    load(tile.gradient, min(row, last), at), load(tile.gradient, min(row + 1u, last), at),
    load(tile.gradient, min(row + 2u, last), at), load(tile.gradient, min(row + 3u, last), at));
}

// Products of rows 4\xB7ty \u2026 of one tile with rows tx, tx + 8, \u2026 (columns) of another, whose rows from \`end\` on count as 0.
fn scores(own: Tile, other: Tile, end: u32, i: u32) -> mat4x4f {
  let tx = i % 8u;
  let ty = i / 8u;
  var s = mat4x4f();
  for (var d = 0u; d < \${D4}u; d += \${DEPTH}u) {
    workgroupBarrier(); // what stood there has been read
    if (ty < \${DEPTH}u) {
      let at = min(d + ty, \${D4 - 1}u);
      let block = transpose(load_four(own, own.row + 4u * tx, own.at + at));
      //#repeat q 4
      stage[(4u * ty + \${q}u) * 8u + tx] = block[\${q}];
      //#end q
    }
    for (var n = i; n < \${32 * DEPTH}u; n += \${WORKGROUP}u) {
      let row = n / \${DEPTH}u;
      let at = n % \${DEPTH}u;
      var value = vec4f();
      if (other.row + row < end && d + at < \${D4}u) { value = load(other.gradient, other.row + row, other.at + d + at); }
      stage[\${32 * DEPTH}u + row * \${PITCH}u + at] = value;
    }
    workgroupBarrier();
    for (var at = 0u; at < \${DEPTH}u; at++) {
      //#repeat q 4
      let a\${q} = stage[(4u * at + \${q}u) * 8u + ty];
      //#end q
      //#repeat c 4
      let b\${c} = stage[\${32 * DEPTH}u + (tx + \${8 * c}u) * \${PITCH}u + at];
      //#repeat q 4
      s[\${c}] = fma(a\${q}, vec4f(b\${c}[\${q}]), s[\${c}]);
      //#end q
      //#end c
    }
  }
  return s;
}

// What of the other side each of own rows 4\xB7ty \u2026 sees, or is seen by.
struct Ranges { first: vec4u, end: vec4u }

fn own_ranges(ty: u32) -> Ranges {
  return Ranges(
    vec4u(ranges[4u * ty].x, ranges[4u * ty + 1u].x, ranges[4u * ty + 2u].x, ranges[4u * ty + 3u].x),
    vec4u(ranges[4u * ty].y, ranges[4u * ty + 1u].y, ranges[4u * ty + 2u].y, ranges[4u * ty + 3u].y));
}

fn visible(j: u32, seen: Ranges) -> vec4<bool> { return (vec4u(j) >= seen.first) & (vec4u(j) < seen.end); }

// First and end of what any of the 32 own rows from \`own_row\` sees, or is seen by; fills \`ranges\`.
fn tile_range(own_row: u32, i: u32) -> vec2u {
  if (i < 32u) { ranges[i] = range(own_row + i); }
  //#if BLOCK
  if (i < 32u) { sequences[i] = sequence(own_row + i); }
  //#end BLOCK
  workgroupBarrier();
  if (i == 0u) {
    var all = NOTHING;
    for (var r = 0u; r < 32u; r++) { all = vec2u(min(all.x, ranges[r].x), max(all.y, ranges[r].y)); }
    range_of_all = all;
  }
  let all = workgroupUniformLoad(&range_of_all);
  return vec2u(min(all.x, all.y), all.y);
}
//#if BLOCK

// Where the block of rows from \`start\` on ends, of any of the 32 own rows.
fn tile_stop(start: u32, end: u32, i: u32) -> u32 {
  if (i == 0u) {
    var stop = end;
    for (var r = 0u; r < 32u; r++) { stop = min(stop, block_end(start, sequences[r])); }
    stop_of_all = stop;
  }
  return workgroupUniformLoad(&stop_of_all);
}

// Of which of the own rows 4\xB7ty \u2026 a block ends at \`stop\` and another follows.
fn end_blocks(stop: u32, ty: u32) -> vec4<bool> {
  return vec4<bool>(
    ends_block(stop, ranges[4u * ty]), ends_block(stop, ranges[4u * ty + 1u]),
    ends_block(stop, ranges[4u * ty + 2u]), ends_block(stop, ranges[4u * ty + 3u]));
}
//#end BLOCK
`;var $l=`// The vec4 at \`at\` of a row of qkv, or of dO.
fn load(gradient: bool, row: u32, at: u32) -> vec4f {
  if (gradient) { return load_d_o(row * o_stride() + at); }
  return load_qkv(row * qkv_stride() + at);
}
`;var El=`    // sum\${g} += weights\${g}\xB7rows, of the 32 rows of summands\${g}
    //#if g
    workgroupBarrier(); // the weights before have been read
    //#end g
    //#repeat c 4
    pairs[(tx + \${8 * c}u) * 8u + ty] = weights\${g}[\${c}];
    //#end c
    for (var first = 0u; first < 32u; first += \${STEP}u) {
      workgroupBarrier(); // what stood there has been read
      for (var n = i; n < \${STEP * D4}u; n += \${WORKGROUP}u) {
        let j = other + first + n / \${D4}u;
        var summand = vec4f();
        if (j < end) { summand = load(summands\${g}.gradient, j, summands\${g}.at + n % \${D4}u); }
        stage[n] = summand;
      }
      workgroupBarrier();
      for (var n = 0u; n < \${STEP}u; n++) {
        let weight = pairs[(first + n) * 8u + ty];
        //#if WEIGHT_SUM
        weight_sum += weight;
        //#end WEIGHT_SUM
        //#repeat c VCOLS
        let x\${c} = stage[n * \${D4}u + min(tx + \${8 * c}u, \${D4 - 1}u)];
        //#repeat r 4
        sum\${g}_\${c}_\${r} = fma(vec4f(weight[\${r}]), x\${c}, sum\${g}_\${c}_\${r});
        //#end r
        //#end c
      }
    }
`;var Sl=`// What an invocation computes with at a time: four values where 4 divides the width (VECTOR), else one.
//#if VECTOR
alias T = vec4f;
//#else
alias T = f32;
//#end VECTOR
`;var Al=`// How a matrix product ends.
//
//   z = scale\xB7product + bias[N],  saved = z,  y = activation(z) + residual[M,N] (+ y if p.add)
//
// Each part is there if its constant is set, which is also its binding. With VECTOR (4 divides N), y and the
// ending's tensors are read and written four columns at a time. Needs a uniform \`p\` of blocks/gemm_params.wgsl. Where a
// product is a piece of a larger one (PITCHED), Y and what lies as Y does are bound with all their columns.

//#include elements
//#if VECTOR
alias StoredY = y_t4;
alias Saved = saved_t4;
alias Residual = residual_t4;
//#else
alias StoredY = y_t;
alias Saved = saved_t;
alias Residual = residual_t;
//#end VECTOR

@group(0) @binding(\${Y}) var<storage, read_write> y: array<StoredY>;
//#if BIAS
@group(0) @binding(\${BIAS}) var<storage, read_write> bias: array<T>;
//#end BIAS
//#if SAVE
@group(0) @binding(\${SAVE}) var<storage, read_write> saved: array<Saved>;
//#end SAVE
//#if RESIDUAL
@group(0) @binding(\${RESIDUAL}) var<storage, read_write> residual: array<Residual>;
//#end RESIDUAL
//#if ACTIVATION
//#include activation_chosen
//#end ACTIVATION

// Ends the product of y[at], which stands in this column.
fn end_at(at: u32, column: u32, product: T) {
  var value = product;
  //#if SCALED
  value *= p.scale;
  //#end SCALED
  //#if BIAS
  value += bias[column];
  //#end BIAS
  //#if SAVE
  saved[at] = Saved(value);
  //#end SAVE
  //#if ACTIVATION
  //#if VECTOR
  value = vec4f(activate(value.x), activate(value.y), activate(value.z), activate(value.w));
  //#else
  value = activate(value);
  //#end VECTOR
  //#end ACTIVATION
  //#if RESIDUAL
  value += T(residual[at]);
  //#end RESIDUAL
  if (p.add != 0u) { value += T(y[at]); }
  y[at] = StoredY(value);
}

// Ends four products of one row, from a column that 4 divides; leaves out what lies outside of Y.
fn end(row: u32, column: u32, product: vec4f) { end_sheet(0u, row, column, product); }

// The same where y holds several matrices one after the other.
fn end_sheet(sheet: u32, row: u32, column: u32, product: vec4f) {
  if (row >= p.m) { return; }
  //#if PITCHED
  let first = p.y_first % p.y_pitch + column;
  let at = (sheet * p.m + row) * p.y_pitch + p.y_first + column;
  //#else
  let first = column;
  let at = (sheet * p.m + row) * p.n + column;
  //#end PITCHED
  //#if VECTOR
  if (column < p.n) { end_at(at / 4u, first / 4u, product); }
  //#else
  //#repeat q 4
  if (column + \${q}u < p.n) { end_at(at + \${q}u, first + \${q}u, product[\${q}]); }
  //#end q
  //#end VECTOR
}
`;var Ol=`  m: u32, n: u32, k: u32, add: u32,
  //#if PITCHED
  // Of each matrix: elements from a row to the next, and before its first.
  a_pitch: u32, a_first: u32, b_pitch: u32, b_first: u32, y_pitch: u32, y_first: u32,
  //#end PITCHED
  //#if SCALED
  scale: f32,
  //#end SCALED
`;var Tl="    // Four columns of a row, four k.\n    y${i}_${j} = fma(vec4f(a${i}.x), b${j}[0], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.y), b${j}[1], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.z), b${j}[2], y${i}_${j});\n    y${i}_${j} = fma(vec4f(a${i}.w), b${j}[3], y${i}_${j});\n";var Ml=`// The sum of a vec4's four lanes.
fn lane_sum(v: vec4f) -> f32 { return (v.x + v.y) + (v.z + v.w); }
`;var Nl=`//#include stored_elements
// The values of a T, added up from the first to the last.
//#if VECTOR
fn element_sum(v: T) -> f32 { return v.x + v.y + v.z + v.w; }
//#else
fn element_sum(v: T) -> f32 { return v; }
//#end VECTOR

struct Params { rows: u32, width: u32, size: f32, eps: f32, add: u32 } // width in T, size in elements

@group(0) @binding(0) var<storage, read_write> x: array<X>;
@group(0) @binding(1) var<storage, read_write> weight: array<T>;
@group(0) @binding(2) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
`;var Cl=`// How a norm's rows lie in a workgroup: it takes blocks of TILE rows, p.blocks of them one after the other (one, unless
// LOOP). Its LANES invocations share a row: lane l holds the vec4s l, l + LANES, \u2026, HELD of them (RAGGED: the last lanes
// one less).
struct Params { rows: u32, width: u32, blocks: u32, eps: f32 } // width in vec4

@group(0) @binding(0) var<storage, read_write> x: array<x_t4>;
@group(0) @binding(1) var<storage, read_write> weight: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> stats: array<vec2f>; // [rows] mean and rstd

// Whether a vec4 of a row exists.
fn within(column: u32) -> bool {
  //#if RAGGED
  return column < p.width;
  //#else
  return true;
  //#end RAGGED
}
`;var Il=`// Reductions over the invocations that share a row: a workgroup (SHARED), or each on its own.
//#if SHARED
var<workgroup> shared_max: array<f32, \${WORKGROUP}>;
var<workgroup> shared_sum: array<f32, \${WORKGROUP}>;

fn max_of_row(own: f32, lane: u32) -> f32 {
  shared_max[lane] = own;
  workgroupBarrier();
  var most = own;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { most = max(most, shared_max[i]); }
  return most;
}

fn sum_of_row(own: f32, lane: u32) -> f32 {
  shared_sum[lane] = own;
  workgroupBarrier();
  var sum = 0.0;
  for (var i = 0u; i < \${WORKGROUP}u; i++) { sum += shared_sum[i]; }
  return sum;
}
//#else
fn max_of_row(own: f32, lane: u32) -> f32 { return own; }
fn sum_of_row(own: f32, lane: u32) -> f32 { return own; }
//#end SHARED
`;var Rl=`// Which rows see which: first and end (excluded). Padding and what lies beyond the last row see nothing and are not
// seen. Where attention is causal, rows see up to themselves.
const NOTHING = vec2u(0xffffffffu, 0u);
const LOW = -1e30; // the score of what is not seen

fn padding(row: u32) -> bool { return row >= p.rows || span[row].y <= span[row].x; }

//#if BLOCK
// Long sums go in blocks of BLOCK rows, counted from the first row of a sequence, so that what a sequence gets does not
// depend on what else is in the batch.
fn sequence(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  return vec2u(span[row]);
}

// Where the rows from \`start\` on that a sequence adds up in one go end.
fn block_end(start: u32, whole: vec2u) -> u32 {
  if (start >= whole.y) { return 0xffffffffu; }
  if (start < whole.x) { return whole.x; }
  return whole.x + ((start - whole.x) / \${BLOCK}u + 1u) * \${BLOCK}u;
}

// Whether a block of what a row sees, or is seen by, ends at \`stop\` and another follows.
fn ends_block(stop: u32, seen: vec2u) -> bool { return stop > seen.x && stop < seen.y; }
//#end BLOCK

// The rows that \`row\` sees.
fn sees(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(own.x, row + 1u);
}

// The rows that see \`row\`.
fn seen_by(row: u32) -> vec2u {
  if (padding(row)) { return NOTHING; }
  let own = vec2u(span[row]);
  if (p.causal == 0u) { return own; }
  return vec2u(row, own.y);
}
`;var Ll=`// Which invocation, or which workgroup, this is: the host spreads them in a line that is folded into y where x would be
// too long (\`spread\` of src/gpu/kernel/kernel.ts).
fn item_index(id: vec3u, groups: vec3u) -> u32 { return id.x + id.y * groups.x * \${WORKGROUP}u; }
fn group_index(group: vec3u, groups: vec3u) -> u32 { return group.x + group.y * groups.x; }
`;var Pl=`//#include elements
// A T as x and y hold it, which may be in 16 bits.
//#if VECTOR
alias X = x_t4;
alias Y = y_t4;
//#else
alias X = x_t;
alias Y = y_t;
//#end VECTOR
`;var jl=`// What a workgroup's lanes have of TILE rows: two sums, each a vec4 with a value a row (the second counts if CENTRED).
// They go through workgroup memory, of which two copies take turns, so that a block of rows needs one barrier. With many
// lanes (TREE) sixteen sums at a time are made one first, which takes a second barrier.
struct Sums { first: vec4f, second: vec4f }

var<workgroup> lane_first: array<vec4f, \${2 * LANES}>;
//#if CENTRED
var<workgroup> lane_second: array<vec4f, \${2 * LANES}>;
//#end CENTRED

fn store_sums(at: u32, sums: Sums) {
  lane_first[at] = sums.first;
  //#if CENTRED
  lane_second[at] = sums.second;
  //#end CENTRED
}

// Where the sums to be added up stand, in \`block\`'s turn.
fn sums_at(block: u32) -> u32 {
  //#if TREE
  return \${LANES}u; // those of sixteens
  //#elif LOOP
  return (block & 1u) * \${LANES}u;
  //#else
  return 0u;
  //#end TREE
}
`;var Bl=`//#include workgroup_memory
// Mean and mean square about it of TILE rows, a vec4, from what a workgroup's lanes have of them: the sum of their
// values, and of the squares about their own mean, which are joined as in Chan, Golub and LeVeque (1983).
// Not CENTRED: the mean is 0, and the squares are about 0.
struct Moments { mean: vec4f, square: vec4f }

//#if CENTRED
// Values of a row that a lane holds.
fn held(lane: u32) -> f32 { return f32(4u * ((p.width + \${LANES - 1}u - lane) / \${LANES}u)); }
// \u2026 that one of PARTS holds: a lane, or (TREE) sixteen lanes, 0 to 15 being the first.
fn held_by(part: u32) -> f32 {
  //#if TREE
  let before = 16u * part;
  let one_more = min(max(p.width % \${LANES}u, before) - before, 16u);
  return f32(4u * (16u * (p.width / \${LANES}u) + one_more));
  //#else
  return held(part);
  //#end TREE
}

// What \`values\` values' squares about \`mean\` are more than those about their own mean.
fn about(mean: vec4f, sum: vec4f, values: f32) -> vec4f {
  let off = sum / max(values, 1.0) - mean;
  return values * off * off;
}
//#end CENTRED

fn workgroup_moments(own: Sums, block: u32, lane: u32) -> Moments {
  let size = f32(4u * p.width);
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#if CENTRED
    //#repeat l 16
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end l
    let middle = sixteen.second / max(held_by(lane), 1.0);
    //#end CENTRED
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.first += about(middle, lane_second[16u * lane + \${l}u], held(16u * lane + \${l}u));
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var moments = Moments();
  //#if CENTRED
  //#repeat l PARTS
  moments.mean += lane_second[at + \${l}u];
  //#end l
  moments.mean /= size;
  //#end CENTRED
  //#repeat l PARTS
  moments.square += lane_first[at + \${l}u];
  //#if CENTRED
  moments.square += about(moments.mean, lane_second[at + \${l}u], held_by(\${l}u));
  //#end CENTRED
  //#end l
  moments.square /= size;
  return moments;
}
`;var zl=`//#include workgroup_memory
// The sums of all lanes, added up.
fn workgroup_sums(own: Sums, block: u32, lane: u32) -> Sums {
  let at = sums_at(block);
  //#if TREE
  store_sums(lane, own);
  workgroupBarrier();
  if (lane < \${PARTS}u) {
    var sixteen = Sums();
    //#repeat l 16
    sixteen.first += lane_first[16u * lane + \${l}u];
    //#if CENTRED
    sixteen.second += lane_second[16u * lane + \${l}u];
    //#end CENTRED
    //#end l
    store_sums(at + lane, sixteen);
  }
  //#else
  store_sums(at + lane, own);
  //#end TREE
  workgroupBarrier();
  var sums = Sums();
  //#repeat l PARTS
  sums.first += lane_first[at + \${l}u];
  //#if CENTRED
  sums.second += lane_second[at + \${l}u];
  //#end CENTRED
  //#end l
  return sums;
}
`;var ql={across_tile:gl,activation_chosen:wl,activations:_l,attention_gradients:yl,attention_operands:bl,attention_pair:vl,attention_score:xl,attention_tile:kl,attention_tile_backward:$l,attention_tile_sums:El,elements:Sl,gemm_ending:Al,gemm_params:Ol,gemm_step:Tl,lane_sum:Ml,norm_elements:Nl,norm_lanes:Cl,row_reductions:Il,spans:Rl,spread:Ll,stored_elements:Pl,workgroup_memory:jl,workgroup_moments:Bl,workgroup_sums:zl};var na=`
  p = params;`,Dl=/var<uniform> p: Params;/;function Po(e){return Dl.test(e)}function Wl(e,t){return e.replace(Dl,"var<storage, read> params: Params; var<private> p: Params;").replace(new RegExp(`fn ${t}\\([^{]*\\{`),r=>r+na)}function Ul(e,t,n={}){let r={lines:[],places:[]};return jo(j0(e,n),t,r),r}function Re({file:e,line:t},n){throw new Error(`${e}:${t}: ${n}`)}var P0=/^\s*\/\/#(\w+)\s*(.*?)\s*$/;function j0(e,{file:t="template",block:n=()=>{}}){let r=new Set,o=[];return s(e,t,o),o;function s(i,a,c){let u=[],l=()=>u.at(-1)?.body??c,f=(m,g,w)=>{l().push(g),u.push({name:m,node:g,body:w})},d=(m,g,w)=>{let[,_,b]=/^(!?)(\w+)$/.exec(w)??Re(m,`expected //#${g} NAME or //#${g} !NAME, found //#${g} ${w}`);return{condition:b,negated:_==="!",body:[]}},p=(m,g)=>{l().length===0&&Re(m,`${g} follows an empty branch: leave it out, or turn the condition with !`)};i.split(`
`).forEach((m,g)=>{let w={file:a,line:g+1},[,_,b=""]=P0.exec(m)??[],v=u.at(-1);if(_===void 0)l().push({kind:"line",text:m,place:w});else if(_==="if"){let x=d(w,_,b);f(x.condition,{kind:"if",branches:[x],place:w},x.body)}else if(_==="elif"||_==="else"){v?.node.kind!=="if"&&Re(w,`//#${_} without an //#if`),p(w,`//#${_}`),v.node.branches.at(-1).condition===void 0&&Re(w,`//#${_} after //#else`);let x=_==="elif"?d(w,_,b):{condition:void 0,negated:!1,body:[]};v.node.branches.push(x),v.body=x.body}else if(_==="repeat"){let[,x,S]=/^(\w+)\s+(\w+)$/.exec(b)??Re(w,`expected //#repeat NAME COUNT, found //#repeat ${b}`),O=[];f(x,{kind:"repeat",name:x,count:S,body:O,place:w},O)}else if(_==="end")v||Re(w,"//#end without a block"),b!==v.name&&Re(w,`expected //#end ${v.name} for line ${v.node.place.line}, found //#end ${b}`),p(w,"//#end"),u.pop();else if(_==="include"){if(r.has(b))return;r.add(b);let x=n(b)??Re(w,`there is no block ${b} to include`);s(x.text.replace(/\n$/,""),x.file,l())}else Re(w,`unknown directive //#${_}`)});let h=u.at(-1);h&&Re(h.node.place,`block is not closed by //#end ${h.name}`)}}function jo(e,t,n){for(let r of e){let{place:o}=r;if(r.kind==="line")n.lines.push(B0(r.text,t,o)),n.places.push(o);else if(r.kind==="repeat"){let s=ra(r.count,t,o);s===0&&jo(r.body,{...t,[r.name]:0},{lines:[],places:[]});for(let i=0;i<s;i++)jo(r.body,{...t,[r.name]:i},n)}else{let s=!1;for(let{condition:i,negated:a,body:c}of r.branches){let u=i===void 0||ra(i,t,o)!==0!==a;jo(c,t,u&&!s?n:{lines:[],places:[]}),s||=u}}}}function ra(e,t,n){let r=/^\d+$/.test(e)?Number(e):t[e];return r===void 0&&Re(n,`no value for ${e}`),r}function B0(e,t,n){return e.replace(/\$\{([^}]+)\}/g,(r,o)=>String(z0(o,t,n)))}function z0(e,t,n){let r=e.match(/\w+|[-+*/%()]/g)??[],o=0,s=()=>{let u=r[o++]??"";if(u!=="(")return ra(u,t,n);let l=a();return o++,l},i=()=>{let u=s();for(;/^[*/%]$/.test(r[o]??"");){let l=r[o++],f=s();u=l==="*"?u*f:l==="/"?Math.floor(u/f):u%f}return u},a=()=>{let u=i();for(;/^[-+]$/.test(r[o]??"");)u+=(r[o++]==="+"?1:-1)*i();return u},c=a();return o!==r.length&&Re(n,`cannot read \${${e}}`),c}function Gt(e,t){return e.slot===t.slot&&e.offset<t.offset+t.bytes&&t.offset<e.offset+e.bytes}var ut=256;function Fl(e,t){return e.replace(new RegExp(`var<storage, read_write> ${t}: array<\\w+>;`),`var ${t}: ${t}_texture;`)}function Kl(e,t){let n=`vec2u(i & ${ut-1}u, i >> ${Math.log2(ut)}u)`,r=t?`textureLoad(${e}, ${n})`:`vec4f(${e}[i])`;return`fn load_${e}(i: u32) -> vec4f { return ${r}; }`}var q0=2;function D0({f16:e}){return e?"rgba16float":"rgba32float"}function Vt(e){return ut*(e==="rgba32float"?16:8)}function oa(e){let t=[],n=e.map(({slices:r,textured:o},s)=>{let i=r.map(()=>{}),a=[];for(let c of o){let u=r[c],l=D0(u),f=t.findIndex(({holds:p})=>p&&W0(p,u));if(f<0){let p=[...t.keys()].filter(m=>t[m].format===l&&t[m].used<s).sort((m,g)=>t[m].used-t[g].used);f=p.find(m=>!t[m].holds)??-1;let h=t.filter(m=>m.format===l).length<q0;f<0&&(h||p.length===0)?f=t.push({format:l,rows:0,holds:void 0,used:s})-1:f<0&&(f=p[0]),a.push({slice:u,texture:f})}let d=t[f];d.rows=Math.max(d.rows,Math.ceil(u.bytes/Vt(l))),d.holds=u,d.used=s,i[c]=f}return r.forEach((c,u)=>{if(i[u]===void 0)for(let l of t)l.holds&&Gt(l.holds,c)&&(l.holds=void 0)}),{textures:i,copies:a}});return{needs:t.map(({format:r,rows:o})=>({format:r,rows:o})),uses:n}}function W0(e,t){return e.slot===t.slot&&e.offset===t.offset&&e.bytes===t.bytes}function Gl(e,t,n,r,o){let s=Vt(o.format),i=(u,l,f)=>e.copyBufferToTexture({buffer:t,offset:n+u*s,bytesPerRow:s},{texture:o,origin:[0,u]},[l,f]),a=Math.ceil(r/s);if(n+a*s<=t.size)return i(0,ut,a);let c=Math.floor(r/s);c>0&&i(0,ut,c),i(c,(r-c*s)/(s/ut),1)}function Cr(e,t){return e.label?e.label(t):typeof t!="object"||t===null?String(t):Object.entries(t).flatMap(([n,r])=>Number.isInteger(r)?[`${n} ${r}`]:typeof r=="string"?[r]:r===!0?[n]:[]).join(" ")}var Bo={cpu:8,gpu:64};function H(e){return new Uint32Array(new Float32Array([e]).buffer)[0]}function Hl(e,t,n=[],r=Bo.gpu,o=!1){let s=(i=[])=>`[${i}]`;return[e.name,JSON.stringify(e.constants(t)),s(e.bindings(t)),s(n),s(e.textures?.(t)),e.workgroup?.(t)??r,o?"stored":"uniform"].join(" ")}function Jl(e,t,n=[],r=Bo.gpu,o=!1){let{lines:s,places:i}=U0(e,t,r),a=s.join(`
`),c=e.textures?.(t)??[];for(let f of c)a=Fl(a,f);if(o&&Po(a)){a=Wl(a,e.name);let f=a.slice(0,a.indexOf(na)).split(`
`).length;i.splice(f,0,i[f-1])}let u=n.length>0?["enable f16;"]:[];for(let f of e.f16??[]){let d=n.includes(f);u.push(`alias ${f}_t = ${d?"f16":"f32"}; alias ${f}_t4 = ${d?"vec4<f16>":"vec4f"};`)}for(let f of c){let d=n.includes(f)?"rgba16float":"rgba32float";u.push(`alias ${f}_texture = texture_storage_2d<${d}, read>;`)}for(let f of e.bindings(t))a.includes(`load_${f}(`)&&u.push(Kl(f,c.includes(f)));let l=u.map((f,d)=>({file:`${e.name} (what stands in front of it)`,line:d+1}));return{code:[...u,a].join(`
`),places:[...l,...i]}}function U0(e,t,n){let r={WORKGROUP:e.workgroup?.(t)??n,...e.constants(t)},o=s=>{let i=ql[s];return i===void 0?void 0:{text:i,file:`kernels/blocks/${s}.wgsl`}};try{return Ul(e.wgsl,r,{file:`kernels/${e.name}.wgsl`,block:o})}catch(s){throw new Error(`kernel ${e.name} (${Cr(e,t)}): ${s instanceof Error?s.message:s}`)}}var Vl=65535;function L(e,t){let n=Math.max(1,Math.ceil(e/t));if(n<=Vl)return[n,1,1];let r=Math.ceil(n/Vl);return[Math.ceil(n/r),r,1]}function Xl(e,t){let n=o=>t[Number(o)-1],r=(o,s,i)=>{let a=n(s);return a?`${a.file}:${a.line}:${i}`:o};return e.replace(/^( *)(\d+)( *│)/gm,(o,s,i,a)=>{let c=n(i);return c?String(c.line).padStart(s.length+i.length)+a:o}).replace(/\bwgsl:(\d+):(\d+)/g,r).replace(/(?<=^|\s):(\d+):(\d+)(?= error| warning)/gm,r)}var sa=new Set;function Yl(e){for(let t of sa)t.deref()||sa.delete(t);sa.add(new WeakRef(e))}var F0=["timestamp-query","shader-f16"],K0=/llvmpipe|lavapipe|swiftshader|basic render|software/i;async function Ql(e={}){let t=await navigator.gpu?.requestAdapter({powerPreference:e.powerPreference??"high-performance"});if(!t)throw new _n("no WebGPU adapter was found: install a Vulkan driver (see `deno task doctor`)");let{limits:n,info:r}=t,o=await t.requestDevice({requiredFeatures:F0.filter(a=>t.features.has(a)),requiredLimits:{maxBufferSize:n.maxBufferSize,maxStorageBufferBindingSize:n.maxStorageBufferBindingSize,maxTextureDimension2D:n.maxTextureDimension2D,maxStorageBuffersPerShaderStage:Math.min(n.maxStorageBuffersPerShaderStage,16)}}),s=`${r.vendor} ${r.architecture} ${r.device} ${r.description}`,i=r.isFallbackAdapter;return new ia(o,{vendor:r.vendor,architecture:r.architecture,device:r.device,description:r.description,isFallbackAdapter:i===!0||K0.test(s)})}var ia=class{device;facts;largestBinding;largestBuffer;largestTexture;peakBytes=0;compilesAhead=!1;profiler;#e=0;#t;#n=new Map;#r=new Map;#o=new Set;#i;#s={rgba32float:[],rgba16float:[]};#c=!1;constructor(t,n){this.device=t,Yl(t),this.largestBinding=t.limits.maxStorageBufferBindingSize,this.largestBuffer=Math.floor(t.limits.maxBufferSize/16)*16,this.largestTexture=4*ut*t.limits.maxTextureDimension2D,this.facts=n,t.addEventListener("uncapturederror",r=>{r.preventDefault(),this.#a(`WebGPU error: ${r.error.message}`)}),t.lost.then(r=>{this.#c||this.#a(`the GPU device was lost (${r.reason}: ${r.message}), and all that was on it. A driver that was reset, full memory or a GPU taken away do that: see to it, and go on with --resume`)})}get liveBytes(){return this.#e}set liveBytes(t){this.#e=t,this.peakBytes=Math.max(this.peakBytes,t)}#a(t){this.#t??=new ne(t)}check(){if(this.#t)throw this.#t}buffer(t,n,r=GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_SRC|GPUBufferUsage.COPY_DST){let o=Math.max(16,Math.ceil(t/16)*16);if(o>this.largestBuffer)throw new ne(`${n}: a buffer of ${o} bytes is over this adapter's limit of ${this.largestBuffer}; use a smaller batch or model`);return this.liveBytes+=o,this.device.createBuffer({size:o,usage:r,label:n})}release(t){this.liveBytes-=t.size,t.destroy()}arena(t){return(!this.#i||this.#i.size<t)&&(this.#i&&this.release(this.#i),this.#i=this.buffer(t,"arena")),this.#i}get workgroup(){return Bo[Te(this)]}textures(t){let n={rgba32float:0,rgba16float:0};return t.map(({format:r,rows:o})=>{let s=this.#s[r],i=n[r]++,a=s[i];return a&&a.height>=o?a:(this.liveBytes+=(o-(a?.height??0))*Vt(r),a?.destroy(),s[i]=this.device.createTexture({label:`operand ${i}`,size:[ut,o],format:r,usage:GPUTextureUsage.COPY_DST|GPUTextureUsage.STORAGE_BINDING}))})}get sharedBytes(){let t=Object.values(this.#s).flat(),n=({height:r,format:o})=>r*Vt(o);return t.reduce((r,o)=>r+n(o),this.#i?.size??0)}async settle(){this.device.queue.submit([]),await this.device.queue.onSubmittedWorkDone(),this.check()}async read(t,n,r){this.check();let o=Math.max(4,Math.ceil(r/4)*4),s=this.device.createBuffer({size:o,usage:GPUBufferUsage.MAP_READ|GPUBufferUsage.COPY_DST});try{let i=this.device.createCommandEncoder();return i.copyBufferToBuffer(t,n,s,0,o),this.device.queue.submit([i.finish()]),await this.#u(s),this.check(),s.getMappedRange().slice(0,r)}finally{s.destroy()}}async#u(t){try{await t.mapAsync(GPUMapMode.READ)}catch(n){await Promise.race([this.device.lost,new Promise(o=>setTimeout(o,100))]),this.check();let r=n instanceof Error?n.message:String(n);throw new ne(`the GPU gives nothing back: ${r}. Go on with --resume`,{cause:n})}}pipeline(t,n,r=[]){let o=t.textures?.(n)??[],s=t.bindings(n).map(b=>o.includes(b)?r.includes(b)?"rgba16float":"rgba32float":"buffer"),i=s.filter(b=>b==="buffer").length,a=Te(this)==="cpu"&&Po(t.wgsl)&&i<this.device.limits.maxStorageBuffersPerShaderStage,c=Hl(t,n,r,this.workgroup,a),u=this.#n.get(c);if(u)return u;let l=this.#f(s,a),{code:f,places:d}=Jl(t,n,r,this.workgroup,a),p=b=>this.#a(`kernel ${t.name} (${Cr(t,n)}): ${Xl(b,d)}`),h=b=>{this.device.pushErrorScope("validation");let v=b();return this.device.popErrorScope().then(x=>{x&&p(x.message)},()=>{}),v},m=h(()=>({label:t.name,layout:this.device.createPipelineLayout({bindGroupLayouts:[l]}),compute:{module:this.device.createShaderModule({code:f,label:t.name}),entryPoint:t.name}})),g,w=()=>g??=h(()=>this.device.createComputePipeline(m));if(this.compilesAhead){let b=this.device.createComputePipelineAsync(m).then(v=>void(g??=v),v=>p(v.message)).finally(()=>this.#o.delete(b));this.#o.add(b)}else w();let _={get pipeline(){return w()},layout:l};return this.#n.set(c,_),_}async compiled(){await Promise.all(this.#o),this.check()}#f(t,n){let r=[...t,n].join(" "),o=this.#r.get(r);if(!o){let s=GPUShaderStage.COMPUTE;o=this.device.createBindGroupLayout({entries:[...t.map((i,a)=>i==="buffer"?{binding:a,visibility:s,buffer:{type:"storage"}}:{binding:a,visibility:s,storageTexture:{access:"read-only",format:i}}),{binding:t.length,visibility:s,buffer:{type:n?"read-only-storage":"uniform"}}]}),this.#r.set(r,o)}return o}destroy(){this.#c=!0,this.liveBytes-=this.sharedBytes,this.#i=void 0;for(let t of Object.values(this.#s))t.length=0;this.device.destroy()}};var Ye=new Map([["F32",4],["F16",2],["BF16",2],["F64",8],["I64",8],["U64",8],["I32",4],["U32",4],["I16",2],["U16",2],["I8",1],["U8",1],["BOOL",1]]),aa={F64:"float64",F32:"float32",F16:"float16",BF16:"bfloat16"};function zo(e,t){let n=Ye.get(t)??1,{buffer:r,byteOffset:o,length:s}=e.byteOffset%n===0?e:e.slice(),i=s/n;return t==="F32"?new Float32Array(r,o,i):t==="BF16"?G0(new Uint16Array(r,o,i)):t==="F16"?new Float32Array(new Float16Array(r,o,i)):t==="F64"?new Float32Array(new Float64Array(r,o,i)):t==="I64"?Float32Array.from(new BigInt64Array(r,o,i),Number):t==="U64"?Float32Array.from(new BigUint64Array(r,o,i),Number):t==="I32"?new Float32Array(new Int32Array(r,o,i)):t==="U32"?new Float32Array(new Uint32Array(r,o,i)):t==="I16"?new Float32Array(new Int16Array(r,o,i)):t==="U16"?new Float32Array(new Uint16Array(r,o,i)):t==="I8"?new Float32Array(new Int8Array(r,o,i)):new Float32Array(new Uint8Array(r,o,i))}function G0(e){let{length:t}=e,n=new Uint32Array(t);for(let r=0;r<t;r++)n[r]=e[r]<<16;return new Float32Array(n.buffer)}function Zl(e,t){let n=({buffer:r,byteOffset:o,byteLength:s})=>new Uint8Array(r,o,s);return n(t==="F16"?new Float16Array(e):t==="F64"?new Float64Array(e):t==="BF16"?V0(e):e)}function V0(e){let{length:t}=e,n=new Uint32Array(e.buffer,e.byteOffset,t),r=new Uint16Array(t);for(let o=0;o<t;o++){let s=n[o],i=(s&2147483647)>2139095040;r[o]=i?s>>>16|64:s+32767+(s>>>16&1)>>>16}return r}function ef(e){let{length:t}=e,n=new Uint32Array(e.buffer,e.byteOffset,t),r=0;for(let o=0;o<t;o++)(n[o]&2139095040)===2139095040&&r++;return r}function Ir(e){let{length:t}=e,n=new Uint32Array(e.buffer,e.byteOffset,t),r=0;for(let o=0;o<t;o++){let s=n[o]&2147483647;s>r&&(r=s)}return new Float32Array(Uint32Array.of(r).buffer)[0]}var Qe=8,H0=1e8,tf=1<<21,nf=3,J0=1e3,rf=16;function ca(e,t,n){if(t===0)throw new y(`${n}: the file is empty; download it again`);if(e.length<Qe||t<Qe)throw new y(`${n}: expected a header, found ${t} bytes; the file is cut short`);let r=Number(new DataView(e.buffer,e.byteOffset,8).getBigUint64(0,!0));if(r<=H0&&Qe+r<=t)return r;let o=new TextDecoder().decode(e);throw o.startsWith("version ")?new y(`${n}: this is a pointer of Git LFS, not the weights: fetch them with \`git lfs pull\`, or download the file`):/^\s*<(!|h|\?)/i.test(o)?new y(`${n}: this is a web page, not the weights; download the file itself`):o.startsWith("PK")||e[0]===128?new y(`${n}: this is a file of PyTorch, not of safetensors; convert it`):new y(`${n}: the header should take ${r} bytes, the file has ${t}: it is cut short or of another kind`)}function ua(e,t,n){let r=u=>new y(`${n}: ${u}`),o=Q0(e,r),s;try{s=JSON.parse(new TextDecoder("utf-8",{fatal:!0}).decode(e))}catch(u){throw r(`the header is not JSON (${u.message.slice(0,200)})`)}if(typeof s!="object"||s===null||Array.isArray(s))throw r("the header is not an object");let i=Qe+e.length,a=[],c=Object.entries(s);if(c.length!==o)throw r(`the header names ${o-c.length} tensors more than once`);for(let[u,l]of c)u!=="__metadata__"&&a.push(X0(u,l,i,t,r));return Y0(a,i,t,r),a}function X0(e,t,n,r,o){if(e.length>J0)throw o(`a tensor's name is ${e.length} characters long: ${e.slice(0,100)}\u2026`);if(typeof t!="object"||t===null)throw o(`tensor ${e}: expected an object in the header`);let{dtype:s,shape:i,data_offsets:a}=t,c=p=>Number.isSafeInteger(p)&&p>=0;if(!Array.isArray(i)||!i.every(c)||!Array.isArray(a)||!a.every(c))throw o(`tensor ${e}: shape or data_offsets are missing or not whole numbers`);if(i.length>rf)throw o(`tensor ${e}: expected at most ${rf} sizes, found ${i.length}`);let u=typeof s=="string"?Ye.get(s):void 0;if(u===void 0)throw o(`tensor ${e}: expected ${[...Ye.keys()].join(", ")}, found ${JSON.stringify(s)?.slice(0,100)}`);let l=i.reduce((p,h)=>p*h,u),[f=0,d=0]=a;if(a.length!==2||d-f!==l||n+d>r)throw o(`tensor ${e}: ${s} [${i}] takes ${l} bytes, found ${f} to ${d} of the ${r-n} bytes after the header`);return{name:e,dtype:s,shape:i,start:n+f,bytes:l}}function Y0(e,t,n,r){let o=t,s="the header";for(let{name:i,start:a,bytes:c}of e.toSorted((u,l)=>u.start-l.start||u.bytes-l.bytes)){if(a<o)throw r(`tensors ${s} and ${i} overlap by ${o-a} bytes`);if(a>o)throw r(`${a-o} bytes between ${s} and tensor ${i} belong to none`);o=a+c,s=i}if(o!==n)throw r(`the last ${n-o} bytes, after ${s}, belong to no tensor`)}function Q0(e,t){let n=0,r=0,o=0,s=!1;for(let i=0;i<e.length;i++){let a=e[i];if(s){a===92?i++:a===34&&(s=!1);continue}if(a===34)s=!0;else if(a===123||a===91){if(r++,++n>nf)throw t(`the header is nested deeper than ${nf} levels`)}else a===125||a===93?n--:(a===58||a===44)&&(r++,a===58&&n===1&&o++);if(r>tf)throw t(`the header has over ${tf} names and numbers`)}return o}function la(e,t){return{name:e,size:t.length,read:async(n,r)=>t.slice(n,n+r)}}async function fa(e){let t=new Map;for(let n of e){let r=await n.read(0,Math.min(Qe,n.size)),o=ca(r,n.size,n.name);for(let s of ua(await n.read(Qe,o),n.size,n.name)){let i=t.get(s.name);if(i)throw new y(`${n.name}: tensor ${s.name} is in ${i.file.name} as well; expected it in one of the files`);t.set(s.name,{...s,file:n})}}return t}var of=8<<20;async function*In({file:e,start:t,bytes:n,dtype:r}){let o=of-of%Ye.get(r);for(let s=0;s<n;s+=o){let i=Math.min(o,n-s),a=await e.read(t+s,i);if(a.length!==i)throw new y(`${e.name}: expected ${i} bytes from ${t+s}, found ${a.length}`);yield a}}var Rn="model.safetensors",Ze="model.safetensors.index.json";async function sf(e,t){if(e.has(Rn))return[Rn];if(!e.has(Ze))throw new y(Z0(e));let n;try{n=JSON.parse(await t())?.weight_map}catch(o){throw o instanceof SyntaxError?new y(`${Ze}: expected JSON (${o.message.slice(0,200)})`):o}if(typeof n!="object"||n===null||Array.isArray(n)||Object.keys(n).length===0)throw new y(`${Ze}: expected weight_map, a file for every parameter; found none`);let r=[...new Set(Object.values(n))];for(let o of r){if(typeof o!="string"||!/^[\w][\w.-]*\.safetensors$/.test(o))throw new y(`${Ze}: expected names of safetensors files beside it, found ${JSON.stringify(o)?.slice(0,200)}`);if(!e.has(o))throw new y(`${Ze}: it names ${o}, which is missing; download all files of the model`)}return r.sort()}function Z0(e){let t=[...e].filter(r=>r.endsWith(".safetensors")).sort();if(t.length>0)return`expected ${Rn} or ${Ze}, found ${t.slice(0,5).join(", ")}${t.length>5?` and ${t.length-5} more`:""} without an index`;let n=[...e].find(r=>/\.(bin|pt|pth|gguf)$/.test(r));return`expected ${Rn} in it, found none${n===void 0?"":`; ${n} is of another format: save the model with safetensors`}`}var qo=[.5,.5,.5],ha={do_resize:!0,do_rescale:!0,rescale_factor:1/255,do_normalize:!0,resample:3,do_pad:!1,default_to_square:!1},af={kind:"whole",defaults:{...ha,image_mean:[.48145466,.4578275,.40821073],image_std:[.26862954,.26130258,.27577711],size:{shortest_edge:224},crop_size:{height:224,width:224},do_center_crop:!0}},da={kind:"whole",defaults:{...ha,image_mean:qo,image_std:qo,size:{height:224,width:224},do_center_crop:!1,crop_size:null}},cf={kind:"tiles",defaults:{...ha,default_to_square:!0,resample:1,image_mean:qo,image_std:qo,size:{longest_edge:4*364},max_image_size:{longest_edge:364},do_image_splitting:!0,do_pad:!0}},pa={CLIPImageProcessor:af,LlavaImageProcessor:af,SiglipImageProcessor:da,ViTImageProcessor:{...da,defaults:{...da.defaults,resample:2,default_to_square:!0}},Idefics3ImageProcessor:cf,SmolVLMImageProcessor:cf},ey={llava:"LlavaImageProcessor",vipllava:"CLIPImageProcessor",clip:"CLIPImageProcessor",siglip:"SiglipImageProcessor",idefics3:"Idefics3ImageProcessor",smolvlm:"SmolVLMImageProcessor"};function uf(e,t,n){let{image_processor_type:r,feature_extractor_type:o}=t,s=r??(typeof o=="string"?o.replace("FeatureExtractor","ImageProcessor"):o)??n.image_processor_type,i=s??ey[String(n.model_type)],a=typeof i=="string"?i.replace(/(Fast|Pil)$/,""):"",c=Object.hasOwn(pa,a)?pa[a]:void 0;if(c!==void 0)return{...c,name:a};throw new y(`${e}: expected image_processor_type to be one of ${Object.keys(pa).join(", ")}, found ${JSON.stringify(s)??`none, and model_type ${JSON.stringify(n.model_type)??"none"} in config.json`}`)}var Le={rows:0,columns:0};function Ln({rows:e,columns:t}){return e===0||t===0?1:e*t+1}var Pn="preprocessor_config.json",Ht="processor_config.json",ma=[Pn,Ht];function lf(e){let t=new Map(ma.filter(o=>e.has(o)).map(o=>[o,ty(o,e.get(o))])),n=t.get(Ht)?.image_processor??void 0;if(n!==void 0&&!ff(n))throw new y(`${Ht}: expected image_processor to be an object, found ${JSON.stringify(n)}`);let r=n??t.get(Pn);if(r===void 0)throw new y(`expected ${Pn}, or ${Ht} with an image_processor, found ${t.has(Ht)?`a ${Ht} without one`:"neither"}. Bring back the files that were saved with the model`);return{file:n===void 0?Pn:`${Ht}, image_processor`,settings:r,save:o=>new Map([...t].map(([s,i])=>{let a=s===Pn?i:n;if(!Object.entries(o).some(([l,f])=>a!==void 0&&a[l]!==f))return[s,e.get(s)];let u=s===Pn?{...i,...o}:{...i,image_processor:{...a,...o}};return[s,new TextEncoder().encode(JSON.stringify(u,null,2)+`
`)]}))}}function ff(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}function ty(e,t){let n;try{n=JSON.parse(new TextDecoder().decode(t))}catch(r){throw new y(`${e}: expected JSON, found ${r.message}`)}if(ff(n))return n;throw new y(`${e}: expected an object, found ${Array.isArray(n)?"a list":String(n)}`)}var ga=e=>e===0?1:Math.sin(e*Math.PI)/(e*Math.PI),df=[Math.fround(.54),Math.fround(.46)],ny={1:{support:3,weight:e=>-3<=e&&e<3?ga(e)*ga(e/3):0},2:{support:1,weight:e=>Math.max(0,1-Math.abs(e))},3:{support:2,weight(e){let t=Math.abs(e),n=-.5;return t<1?((n+2)*t-(n+3))*t*t+1:t<2?(((t-5)*t+8)*t-4)*n:0}},4:{support:.5,weight:e=>-.5<e&&e<=.5?1:0},5:{support:1,weight(e){let t=Math.abs(e);return t===0?1:t>=1?0:ga(t)*(df[0]+df[1]*Math.cos(t*Math.PI))}}},wa=["nearest","Lanczos","bilinear","bicubic","box","Hamming"];var jn=22;function Rr(e,t,n){let{support:r,weight:o}=ny[e],s=t/n,i=Math.max(s,1),a=1/i,c=r*i,u=Math.ceil(c)*2+1,l=new Int32Array(n),f=new Int32Array(n),d=new Int32Array(n*u);for(let p=0;p<n;p++){let h=(p+.5)*s,m=Math.max(0,Math.trunc(h-c+.5)),g=Math.min(t,Math.trunc(h+c+.5)),w=[],_=0;for(let b=m;b<g;b++){let v=o((b-h+.5)*a);w.push(v),_+=v}l[p]=m,f[p]=w.length;for(let[b,v]of w.entries()){let x=(_===0?v:v/_)*2**jn;d[p*u+b]=Math.trunc(x+(x<0?-.5:.5))}}return{first:l,count:f,weights:d,taps:u}}var ry=new Set(["image_processor_type","feature_extractor_type","processor_class","auto_map","_valid_processor_keys","do_convert_rgb","return_tensors","return_row_col_info","input_data_format","device","disable_grouping","image_seq_length","video_sampling","model_input_names"]),_a={data_format:"channels_first",use_square_size:!1,antialias:!0,do_reduce_labels:!1},pf=2**14,ya=class{file;fields;constructor(t,n){this.file=t,this.fields=n}wrong(t,n){let r=JSON.stringify(n)??"none";return new y(`${this.file}: expected ${t}, found ${r.length>200?r.slice(0,200)+"...":r}`)}flag(t){let n=this.fields[t];if(typeof n!="boolean")throw this.wrong(`${t} to be true or false`,n);return n}number(t){let n=this.fields[t];if(typeof n!="number"||!Number.isFinite(n))throw this.wrong(`${t} to be a number`,n);return n}colours(t){let n=this.fields[t],r=typeof n=="number"?[n,n,n]:n;if(Array.isArray(r)&&r.length===3&&r.every(o=>Number.isFinite(o)))return r;throw this.wrong(`${t} to be three numbers, or one`,n)}size(t,n){let r=this.fields[t],o=`${t} to be {height, width}, {shortest_edge}, {longest_edge} or a number of pixels`,s=f=>{if(Number.isInteger(f)&&f>0&&f<=pf)return f;throw this.wrong(`${o}, 1 to ${pf}`,r)};if(typeof r=="number")return n?{height:s(r),width:s(r)}:{shortest:s(r)};if(Array.isArray(r)&&r.length===2)return{height:s(r[0]),width:s(r[1])};if(typeof r!="object"||r===null||Array.isArray(r))throw this.wrong(o,r);let i=Object.entries(r).filter(([,f])=>f!==null).map(([f])=>f).sort().join(),{height:a,width:c,shortest_edge:u,longest_edge:l}=r;if(i==="height,width")return{height:s(a),width:s(c)};if(i==="shortest_edge")return{shortest:s(u)};if(i==="longest_edge")return{longest:s(l)};if(i==="longest_edge,shortest_edge")return{shortest:s(u),longest:s(l)};throw this.wrong(o,r)}};function hf(e,t,n){let r=Object.fromEntries(Object.entries(t).filter(([,d])=>d!==null)),o={default_to_square:!0,...n,...r},s=new ya(e,o);for(let[d,p]of Object.entries(r))if(!(Object.hasOwn(n,d)||ry.has(d)||d==="default_to_square")){if(Object.hasOwn(_a,d)){if(p===_a[d])continue;throw s.wrong(`${d} to be ${JSON.stringify(_a[d])}`,p)}if(!(d.startsWith("do_")&&p===!1)&&!(d==="crop_size"&&o.do_center_crop!==!0))throw s.wrong(`no field "${d}", which this kind of processor does not know`,p)}let i=s.flag("default_to_square"),a=s.number("resample");if(!(a in wa))throw s.wrong(`resample to be one of ${wa.map((d,p)=>`${p} (${d})`).join(", ")}`,a);let c="do_center_crop"in n&&s.flag("do_center_crop")?s.size("crop_size",!0):void 0;if(c!==void 0&&!("height"in c))throw s.wrong("crop_size to be {height, width} or a number of pixels",o.crop_size);let l=s.flag("do_normalize")?s.colours("image_std"):void 0;if(l?.some(d=>d===0))throw s.wrong("image_std to have no 0",l);let f="max_image_size"in n?s.size("max_image_size",!1):void 0;if(f!==void 0&&!("longest"in f))throw s.wrong("max_image_size to be {longest_edge}",o.max_image_size);return{size:s.flag("do_resize")?s.size("size",i):void 0,crop:c,pad:s.flag("do_pad"),filter:a,factor:s.flag("do_rescale")?s.number("rescale_factor"):void 0,mean:s.colours("image_mean"),std:l,tile:f?.longest??0,split:f!==void 0&&s.flag("do_image_splitting")}}var oy=2**30;function lt(e,t,n,r){if(e.width===t&&e.height===n)return e;let o=n<e.height&&e.height-n>2*(e.width-t),s=3*(o?e.width*n:t*e.height),i=Math.max(3*t*n,r===0?0:s);if(t<1||n<1||i>oy)throw new y(`expected a picture that is not too narrow to be resized, found ${e.width} x ${e.height} pixels, which would become ${t} x ${n}; crop it or remove the sample`);return r===0?sy(e,t,n):o?mf(Do(e,n,r),t,r):Do(mf(e,t,r),n,r)}function sy({width:e,height:t,data:n},r,o){let s=(u,l)=>{let f=u/l,d=f*.5;return Int32Array.from({length:l},()=>{let p=Math.trunc(d);return d+=f,p})},i=s(e,r),a=s(t,o),c=new Uint8Array(3*r*o);for(let[u,l]of a.entries())if(!(l>=t))for(let[f,d]of i.entries()){if(d>=e)continue;let p=3*(l*e+d),h=3*(u*r+f);c[h]=n[p],c[h+1]=n[p+1],c[h+2]=n[p+2]}return{width:r,height:o,data:c}}function mf(e,t,n){let{width:r,height:o,data:s}=e;if(r===t)return e;let i=Rr(n,r,t),a=new Uint8ClampedArray(3*t*o);for(let c=0;c<o;c++)ba(a,3*c*t,s,3*c*r,i);return{width:t,height:o,data:new Uint8Array(a.buffer)}}function ba(e,t,n,r,o){for(let s=0;s<o.first.length;s++)gf(e,t+3*s,n,r+3*o.first[s],3,o,s)}function Do(e,t,n){let{width:r,height:o,data:s}=e;if(o===t)return e;let i=Rr(n,o,t),a=new Uint8ClampedArray(3*r*t);for(let c=0;c<t;c++)for(let u=0;u<r;u++){let l=3*(i.first[c]*r+u);gf(a,3*(c*r+u),s,l,3*r,i,c)}return{width:r,height:t,data:new Uint8Array(a.buffer)}}function gf(e,t,n,r,o,{weights:s,count:i,taps:a},c){let u=1<<jn-1,l=u,f=u,d=c*a,p=d+i[c];for(let h=d,m=r;h<p;h++,m+=o){let g=s[h];u=u+n[m]*g|0,l=l+n[m+1]*g|0,f=f+n[m+2]*g|0}e[t]=u>>jn,e[t+1]=l>>jn,e[t+2]=f>>jn}function _f(e,t,n){if(e.width===t&&e.height===n)return e;let r=Math.floor((e.width-t)/2),o=Math.floor((e.height-n)/2);return va(e,r,o,t,n)}function va(e,t,n,r,o){let s=new Uint8Array(3*r*o),i=Math.max(0,t),a=Math.min(e.width,t+r);for(let c=Math.max(0,n);c<Math.min(e.height,n+o)&&i<a;c++){let u=e.data.subarray(3*(c*e.width+i),3*(c*e.width+a));s.set(u,3*((c-n)*r+i-t))}return{width:r,height:o,data:s}}function yf(e,t,n,r){let{width:o,height:s,data:i}=e,a=Math.max(o,s),c=n??a,u=Math.floor((a-s)/2),l=Math.floor((a-o)/2),f=wf(t,a),d=r!==0&&c!==a,p=new Uint8ClampedArray(wf(t,(d?c:a)*a).buffer),h=d?Rr(r,a,c):void 0;for(let g=0;g<s;g++)f.set(i.subarray(3*g*o,3*(g+1)*o),3*l),h===void 0?p.set(f,3*a*(g+u)):ba(p,3*c*(g+u),f,0,h);let m={width:d?c:a,height:a,data:new Uint8Array(p.buffer)};return d?Do(m,c,r):lt(m,c,c,r)}function wf(e,t){let n=new Uint8Array(3*t);n.set(e);for(let r=3;r<n.length;r*=2)n.copyWithin(r,0,Math.min(r,n.length-r));return n}var Lr=4096;function iy({width:e,height:t},n){let r=e/t,o=e>=t,s=a=>Math.max(1,a+a%2),i=o?{width:n,height:s(Math.trunc(n/r))}:{width:s(Math.trunc(n*r)),height:n};if(n>Lr){let a=i.width/i.height;i=i.width>=i.height?{width:Lr,height:Math.max(1,Math.trunc(Lr/a))}:{width:Math.max(1,Math.trunc(Lr*a)),height:Lr}}return i}function bf(e,{size:t}){if(t===void 0)return e;if("height"in t)return{width:t.width,height:t.height};if("shortest"in t)throw new Error("shortest_edge is refused when settings are read");return iy(e,t.longest)}function vf({width:e,height:t},n){let r=s=>Math.max(1,Math.ceil(s/n))*n,o=e/t;return e>=t?{width:r(e),height:r(Math.trunc(r(e)/o))}:{width:r(Math.trunc(r(t)*o)),height:r(t)}}function xa(e,t){if(!t.split)return Le;let{width:n,height:r}=vf(bf(e,t),t.tile);return n<=t.tile&&r<=t.tile?Le:{rows:r/t.tile,columns:n/t.tile}}function xf(e,t){let{tile:n,filter:r}=t,o=bf(e,t),s=lt(e,o.width,o.height,r),i=f=>lt(f,n,n,r).data;if(!t.split)return{tiles:[i(s)],grid:Le};let a=vf(o,n),c=lt(s,a.width,a.height,r),u=xa(e,t),l=[];for(let f=0;f<u.rows;f++)for(let d=0;d<u.columns;d++)l.push(va(c,d*n,f*n,n,n).data);return{tiles:[...l,i(c)],grid:u}}function kf({size:e,crop:t,pad:n}){let r=t??(e!==void 0&&"height"in e?e:void 0);return r!==void 0?r.height===r.width?r.height:null:n&&e!==void 0&&"shortest"in e?ka(e):void 0}function ka({shortest:e,longest:t}){return Math.min(e,t??e)}function $f(e,{size:t,crop:n,pad:r,filter:o,mean:s}){let i=e;if(r){let a=s.map(u=>Math.trunc(u*255)),c=t!==void 0&&"shortest"in t?ka(t):void 0;i=yf(e,a,c,o),t!==void 0&&"height"in t&&(i=lt(i,t.width,t.height,o))}else if(t!==void 0){let{width:a,height:c}=Sf(e,t);i=lt(e,a,c,o)}return n===void 0?i:_f(i,n.width,n.height)}function Ef(e,t){let{size:n,crop:r,pad:o}=t,{width:s,height:i}=e,a={x:0,y:0,width:1,height:1};if(o){let l=Math.max(s,i),f=-Math.floor((l-s)/2)/s,d=-Math.floor((l-i)/2)/i;a={x:f,y:d,width:l/s,height:l/i},s=i=n!==void 0&&"height"in n?n.width:n!==void 0&&"shortest"in n?ka(n):l}else n!==void 0&&({width:s,height:i}=Sf(e,n));if(r===void 0)return a;let c=Math.floor((s-r.width)/2),u=Math.floor((i-r.height)/2);return{x:a.x+c/s*a.width,y:a.y+u/i*a.height,width:r.width/s*a.width,height:r.height/i*a.height}}function Sf({width:e,height:t},n){if("height"in n)return n;if(!("shortest"in n))throw new Error("longest_edge alone is refused when settings are read");let[r,o]=[Math.min(e,t),Math.max(e,t)],s=n.shortest,i=s;n.longest!==void 0&&o/r*s>n.longest&&(i=n.longest*r/o,s=ay(i));let a=r===s&&n.longest!==void 0?o:Math.trunc(i*o/r);return e<=t?{width:s,height:a}:{width:a,height:s}}function ay(e){let t=Math.floor(e),n=e-t;return n>.5||n===.5&&t%2===1?t+1:t}function Af(e,t,n={}){let r=lf(e),{file:o}=r,{kind:s,defaults:i,name:a}=uf(o,r.settings,t),c=hf(o,r.settings,i),u={...c,pad:c.pad&&a==="LlavaImageProcessor",split:s==="tiles"&&n.whole!==!0&&c.split},l=s==="tiles"?u.tile:uy(o,u,t);s==="tiles"?fy(o,u):ly(o,u);let f=h=>{if(s==="tiles")return xf(h,u);let m=$f(h,u);if(m.width===l&&m.height===l)return{tiles:[m.data],grid:Le};throw new y(`expected a picture that becomes ${l} x ${l} pixels by the settings in ${o}, found one of ${h.width} x ${h.height} that becomes ${m.width} x ${m.height}; set do_center_crop, or a size of {height, width}, there`)},d=dy(u),p=h=>py(h,d);return{size:l,splits:u.split,exif:n.exif===!0,maxPixels:n.maxPixels,mean:u.mean,std:u.std??[1,1,1],grid:(h,m)=>s==="tiles"?xa({width:h,height:m},u):Le,shown:(h,m)=>s==="tiles"?cy:Ef({width:h,height:m},u),tileCount:Ln,cut:f,normalise:p,picture(h){let{tiles:m,grid:g}=f(h);return{tiles:m.map(p),grid:g}},files:()=>r.save(u.split===c.split?{}:{do_image_splitting:u.split}),recipe:{files:new Map([...e].filter(([h])=>ma.includes(h))),config:t,options:n}}}var cy={x:0,y:0,width:1,height:1};function uy(e,t,n){let r=kf(t);if(r===null)throw new y(`${e}: expected settings that make squares, found crop_size ${JSON.stringify(t.crop)??"none"} and size ${JSON.stringify(t.size)??"none"}`);if(r!==void 0)return r;let o=n.vision_config,{image_size:s}=typeof o=="object"&&o!==null?o:{image_size:void 0};if(Number.isInteger(s)&&s>0)return s;throw new y(`${e}: expected do_center_crop, a size of {height, width}, or vision_config.image_size in config.json, found nothing that says how large a picture is in the end`)}function ly(e,{size:t}){if(!(t===void 0||!("longest"in t)||"shortest"in t))throw new y(`${e}: expected a size of {height, width} or {shortest_edge}, found longest_edge alone (${t.longest})`)}function fy(e,{size:t}){if(!(t===void 0||!("shortest"in t)))throw new y(`${e}: expected a size of {longest_edge} or {height, width}, found shortest_edge (${t.shortest})`)}function dy({factor:e,mean:t,std:n}){return[0,1,2].map(r=>Float32Array.from({length:256},(o,s)=>{let i=e===void 0?s:e===.00392156862745098?s/255:s*e;return n===void 0?i:(i-t[r])/n[r]}))}function py(e,t){let n=e.length/3,r=new Float32Array(e.length);for(let[o,s]of t.entries())for(let i=0;i<n;i++)r[o*n+i]=s[e[3*i+o]];return r}function Ue(e){return`${e.file}, sample ${JSON.stringify(e.id)} (task ${e.task})`}function Wo(e,t){return new y(`${Ue(e)}, turn ${t+1}: expected an answer to learn, found ${JSON.stringify(e.turns[t].answer)}; fill it in or remove the turn`)}function Uo(e,t){if(!(Number.isInteger(t)&&t>=0&&t<e.turns.length))throw new RangeError(`${Ue(e)}: expected a turn from 0 to ${e.turns.length-1}, found ${t}`)}function Bn(e,t,n,r){return new y(`${Ue(e)}: expected at most ${r} tokens, found ${t}`+(n>0?` (${n} of them for its images)`:"")+"; shorten it, split its turns over several samples, or raise --max-tokens (up to the model's own limit)")}function zn(e){let{images:t,turns:n}=e;if(n.every(({places:s})=>s===void 0))return n.map((s,i)=>i===0?t.map(()=>0):[]);let r=n.map(({places:s=[]})=>s),o=r.flat().length;if(o!==t.length)throw new y(`${Ue(e)}: expected as many places as images, found ${o} and ${t.length}`);return r.forEach((s,i)=>{let{length:a}=n[i].question;if(!s.every((c,u)=>Number.isInteger(c)&&c>=(s[u-1]??0)&&c<=a))throw new y(`${Ue(e)}, turn ${i+1}: expected ascending places from 0 to ${a}, found ${s.join(", ")}`)}),r}function Fo(e,t){return[...t,e.length].map((n,r)=>e.slice(t[r-1]??0,n))}function Of(e){let t=0;for(let{mask:n}of e)for(let r=0;r<n.length;r++){if(!n[r])continue;let o=r;for(;n[o];)o++;t=Math.max(t,o-r-1),r=o}return t}function qn(e,t){return t.reduce((n,r)=>n+e.imageTokens(r),0)}function $a(e){return`${e} writes no token that ends an answer: a tuned model may not learn to stop, and its answers run into the limit. Have the template write one after each answer, such as {{ eos_token }}`}function Tf(e,t){if(e.stops.length>0)return e;let n=$a(e.name);return{...e,stops:[t.id],notes:[...e.notes.filter(r=>r!==n),`${e.name} writes no token that ends an answer: ${t.text} is put behind the last answer of each conversation and trained, so that a tuned model stops`],encode(r,o,s){let{ids:i,mask:a,images:c}=e.encode(r,o,s),u=i.length+1;if(u>s.maxTokens)throw Bn(r,u,qn(e,o),s.maxTokens);let l=a.lastIndexOf(1)+1,f={ids:new Int32Array(u),mask:new Uint8Array(u),images:c};return f.ids.set(i.subarray(0,l)),f.ids[l]=t.id,f.ids.set(i.subarray(l),l+1),f.mask.set(a.subarray(0,l)),f.mask[l]=1,f}}}var Mf=1e6;function Pr(e,t){let n=Ln(t);if(e*n<=Mf)return e*n;throw new y(`config.json: expected sizes (image_size, patch_size, scale_factor) that make at most ${Mf} features an image, found ${e} a tile and ${n} tiles; use the file that came with the model`)}var hy=new Set(["idefics3","smolvlm"]);function Ea({family:e,image:t,perTile:n,names:r},{rows:o,columns:s}){Pr(n,{rows:o,columns:s});let i=t.repeat(n);if(!hy.has(e))return i;let a=r.get("fake_image_token")??"<fake_token_around_image>",c=`${a}${r.get("global_image_token")??"<global-img>"}${i}${a}`;if(o===0||s===0)return c;let u="";for(let l=1;l<=o;l++){for(let f=1;f<=s;f++)u+=`${a}<row_${l}_col_${f}>${i}`;u+=`
`}return`${u}
${c}`}function my(e){let t=r=>{let o=e.id(r);if(o!==void 0)return o;throw new y(`tokenizer.json: expected the special token ${r}, found none. Without a chat template, conversations are laid out as LLaVA 1.5's: bring back chat_template.jinja, if the model came with one`)},n=r=>{let o=e.id(r);return o===void 0?e.encode(r):[o]};return{start:t("<s>"),end:t("</s>"),image:t("<image>"),user:n("USER:"),assistant:n("ASSISTANT:")}}function Nf(e,t){let n=my(e),r=s=>Pr(t,s);r(Le);let o=(s,i,a,c,{maxTokens:u})=>{if(c.length!==s.images.length)throw new RangeError(`${Ue(s)}: expected ${s.images.length} grids, found ${c.length}`);let l=zn(s),f=[n.start],d=[],p=0,h=g=>{for(let w of e.encode(g))f.push(w)};s.system!==void 0&&h(s.system);for(let g=0;g<i+(a?1:0);g++){let w=s.turns[g];f.push(...n.user);for(let[b,v]of Fo(w.question,l[g]).entries()){if(h(v),b===l[g].length)break;for(let x=r(c[p++]);x>0;x--)f.push(n.image)}if(f.push(...n.assistant),g===i)break;let _=f.length;if(h(w.answer),f.length===_)throw Wo(s,g);f.push(n.end),d.push([_,f.length])}if(f.length>u)throw Bn(s,f.length,qn({imageTokens:r},c.slice(0,p)),u);let m=new Uint8Array(f.length);for(let[g,w]of d)m.fill(1,g,w);return{ids:Int32Array.from(f),mask:m,images:s.images.slice(0,p)}};return{name:"LLaVA 1.5's layout",imageId:n.image,stops:[n.end],notes:[],imageTokens:r,encode:(s,i,a)=>o(s,s.turns.length,!1,i,a),promptOf(s,i,a,c){Uo(s,i);let{ids:u,images:l}=o(s,i,!0,a,c);return{ids:u,images:l}}}}var Sa="processor_config.json",Aa="tokenizer_config.json";function Cf(e){let t=[],n=(i,a)=>{if(a==null)return;let c=gy(i,a);c!==void 0&&t.push({place:i,text:c})};n(`${Sa}, chat_template`,jr(e,Sa)?.chat_template),n("chat_template.json",jr(e,"chat_template.json")?.chat_template);let r=e.get("chat_template.jinja");r!==void 0&&n("chat_template.jinja",new TextDecoder().decode(r)),n(`${Aa}, chat_template`,jr(e,Aa)?.chat_template);let[o,...s]=t;if(o!==void 0)return{template:o,others:s.filter(({text:i})=>i.trimEnd()!==o.text.trimEnd())}}function gy(e,t){if(typeof t=="string")return t;let n=Array.isArray(t)?new Map(t.map(o=>[o?.name,o?.template])):new Map(Object.entries(t)),r=n.get("default");if(typeof r=="string")return r;throw new y(`${e}: expected a template, or several with one called "default", found ${n.size===0?JSON.stringify(t):[...n.keys()].join(", ")}. Put the one to use into chat_template.jinja and take this field out`)}function Go(e){let t=jr(e,Aa)??{},n=t.extra_special_tokens,r={...Ko(n)?n:{},...t},o=new Map;for(let[s,i]of Object.entries(r)){let a=Ko(i)?i.content:i;s.endsWith("_token")&&typeof a=="string"&&o.set(s,a)}return o}function If(e){let t=jr(e,Sa)?.image_token,n=Ko(t)?t.content:t;return typeof n=="string"?n:Go(e).get("image_token")??"<image>"}function jr(e,t){let n=e.get(t);if(n===void 0)return;let r;try{r=JSON.parse(new TextDecoder().decode(n))}catch(o){throw new y(`${t}: expected JSON, found ${o.message}`)}if(Ko(r))return r;throw new y(`${t}: expected an object, found ${Array.isArray(r)?"a list":String(r)}`)}function Ko(e){return typeof e=="object"&&e!==null&&!Array.isArray(e)}var F=class extends Error{name="TemplateError"};function Dn(e,t=1048576){if(e>t)throw new F(`it makes a text or list of more than ${t} characters`)}function Rf(e,t,n,r){let o=t(e,!1),s=e.flatMap(({role:u},l)=>u==="assistant"?[l]:[]),i=e.map(u=>u.role==="assistant"?Lf(u,n):u),a=Vo(t(i,!1),n,s.length),c=a?.text===o?a.stretches:void 0;return s.map((u,l)=>{let f=t(e.slice(0,u),!0),d=(_,b)=>{throw new F(`it cannot be told where answer ${l+1} begins and ends, because ${vy(_,b)}. Put {% generation %} and {% endgeneration %} around what is to be trained in the template`)},p=u===e.length-1;if(c===void 0){let _=p?o:t(e.slice(0,u+1),!1);return o.startsWith(_)||d(_,o),_.startsWith(f)||d(f,_),[f.length,by(f.length,_,r)]}let[h,m]=c[l],g=o.startsWith(f)?f.length:wy(e,u,f,o,h,t,n)??d(f,o),w=o.slice(m);if(!p){let _=t(i.slice(0,u+1),!1),b=Vo(_,n,l+1)??d(_,o);w=_y(w,b.text.slice(b.stretches[l][1]),r)}return g>=m&&d(f,o),[g,yy(o,m,w,r)]})}function Lf(e,{begin:t,end:n}){let{role:r,content:o}=e,s=l=>l.replace(/\S/,f=>t+f),i=l=>l.trimEnd()+n+l.slice(l.trimEnd().length);if(typeof o=="string")return{role:r,content:i(s(o))};let a=o.map(l=>l.type==="text"&&l.text.trim()!==""),[c,u]=[a.indexOf(!0),a.lastIndexOf(!0)];return{role:r,content:o.map((l,f)=>{if(l.type!=="text")return l;let d=f===c?s(l.text):l.text;return{...l,text:f===u?i(d):d}})}}function Vo(e,{begin:t,end:n},r){let o=[],s="",i=-1;for(let a of e.split(new RegExp(`([${t}${n}])`)))if(a!==t&&a!==n)s+=a;else{if(a===t!=i<0)return;a===t?i=s.length:(o.push([i,s.length]),i=-1)}return i<0&&o.length===r?{text:s,stretches:o}:void 0}function wy(e,t,n,r,o,s,i){let a=e.map((d,p)=>p===t-1?Lf(d,i):d),c=Vo(s(a,!1),i,1),u=Vo(s(a.slice(0,t),!0),i,1);if(c?.text!==r||u?.text!==n)return;let l=c.stretches[0][1],f=n.slice(u.stretches[0][1]);return r.slice(l,o).startsWith(f)?l+f.length:void 0}function _y(e,t,n){let r=0;for(;r<e.length&&e[r]===t[r];)r++;for(let o of[e,t])for(let{index:s,0:i}of o.matchAll(n))s<r&&s+i.length>r&&(r=s);return e.slice(0,r)}function yy(e,t,n,r){for(let{index:o,0:s}of n.matchAll(r))return t+o+s.length;return e.slice(0,t+n.length).replace(/\n+$/,"").length}function by(e,t,n){let r=t.trimEnd(),o=new RegExp(`(?:${n.source})$`,"u").test(r);return r.length>e&&o?r.length:Math.max(e,t.replace(/\n+$/,"").length)}function vy(e,t){let n=0;for(;n<e.length&&e[n]===t[n];)n++;let r=o=>JSON.stringify(o.slice(Math.max(0,n-10),n+20));return`it writes ${r(e)} for the first messages and ${r(t)} when more follow`}var xy=Object.defineProperty,ky=(e,t,n)=>t in e?xy(e,t,{enumerable:!0,configurable:!0,writable:!0,value:n}):e[t]=n,$y=(e,t,n)=>(ky(e,typeof t!="symbol"?t+"":t,n),n),$=Object.freeze({Text:"Text",NumericLiteral:"NumericLiteral",StringLiteral:"StringLiteral",Identifier:"Identifier",Equals:"Equals",OpenParen:"OpenParen",CloseParen:"CloseParen",OpenStatement:"OpenStatement",CloseStatement:"CloseStatement",OpenExpression:"OpenExpression",CloseExpression:"CloseExpression",OpenSquareBracket:"OpenSquareBracket",CloseSquareBracket:"CloseSquareBracket",OpenCurlyBracket:"OpenCurlyBracket",CloseCurlyBracket:"CloseCurlyBracket",Comma:"Comma",Dot:"Dot",Colon:"Colon",Pipe:"Pipe",CallOperator:"CallOperator",AdditiveBinaryOperator:"AdditiveBinaryOperator",MultiplicativeBinaryOperator:"MultiplicativeBinaryOperator",ExponentiationBinaryOperator:"ExponentiationBinaryOperator",ComparisonBinaryOperator:"ComparisonBinaryOperator",UnaryOperator:"UnaryOperator",Comment:"Comment"}),Pe=class{constructor(e,t){this.value=e,this.type=t}};function Pf(e){return/\w/.test(e)}function Jt(e){return/[0-9]/.test(e)}function jf(e){return/\s/.test(e)}var Ey=[["{%",$.OpenStatement],["%}",$.CloseStatement],["{{",$.OpenExpression],["}}",$.CloseExpression],["(",$.OpenParen],[")",$.CloseParen],["{",$.OpenCurlyBracket],["}",$.CloseCurlyBracket],["[",$.OpenSquareBracket],["]",$.CloseSquareBracket],[",",$.Comma],[".",$.Dot],[":",$.Colon],["|",$.Pipe],["<=",$.ComparisonBinaryOperator],[">=",$.ComparisonBinaryOperator],["==",$.ComparisonBinaryOperator],["!=",$.ComparisonBinaryOperator],["<",$.ComparisonBinaryOperator],[">",$.ComparisonBinaryOperator],["+",$.AdditiveBinaryOperator],["-",$.AdditiveBinaryOperator],["~",$.AdditiveBinaryOperator],["**",$.ExponentiationBinaryOperator],["*",$.MultiplicativeBinaryOperator],["//",$.MultiplicativeBinaryOperator],["/",$.MultiplicativeBinaryOperator],["%",$.MultiplicativeBinaryOperator],["=",$.Equals]],Sy=new Map([["n",`
`],["t","	"],["r","\r"],["b","\b"],["f","\f"],["v","\v"],["'","'"],['"','"'],["\\","\\"]]);function Ay(e,t={}){return e.endsWith(`
`)&&(e=e.slice(0,-1)),t.lstrip_blocks&&(e=e.replace(/^[ \t]*({[#%-])/gm,"$1")),t.trim_blocks&&(e=e.replace(/([#%-]})\n/g,"$1")),e.replace(/(\s*){%(-?)\s*(?:end)?generation\s*(-?)%}(\s*)/gs,(n,r,o,s,i)=>(o?"":r)+(s?"":i))}function Xf(e,t={}){let n=[],r=Ay(e,t),o=0,s=0,i=u=>{let l="";for(;u(r[o]);){if(r[o]==="\\"){if(++o,o>=r.length)throw new SyntaxError("Unexpected end of input");let f=r[o++];if(f==="x"||f==="u"){let p=f==="x"?2:4,h=r.slice(o,o+p);if(h.length!==p||/[^0-9a-f]/i.test(h))throw new SyntaxError(`Invalid hexadecimal escape sequence: \\${f}${h}`);l+=String.fromCharCode(parseInt(h,16)),o+=p;continue}let d=Sy.get(f);if(d===void 0)throw new SyntaxError(`Unexpected escaped character: ${f}`);l+=d;continue}if(l+=r[o++],o>=r.length)throw new SyntaxError("Unexpected end of input")}return l},a=()=>{let u=n.at(-1);u&&u.type===$.Text&&(u.value=u.value.trimEnd(),u.value===""&&n.pop())},c=()=>{for(;o<r.length&&jf(r[o]);)++o};e:for(;o<r.length;){let u=n.at(-1)?.type;if(u===void 0||u===$.CloseStatement||u===$.CloseExpression||u===$.Comment){let f="";for(;o<r.length&&!(r[o]==="{"&&(r[o+1]==="%"||r[o+1]==="{"||r[o+1]==="#"));)f+=r[o++];if(f.length>0){n.push(new Pe(f,$.Text));continue}}if(r[o]==="{"&&r[o+1]==="#"){o+=2;let f=r[o]==="-";f&&++o;let d="";for(;r[o]!=="#"||r[o+1]!=="}";){if(o+2>=r.length)throw new SyntaxError("Missing end of comment tag");d+=r[o++]}let p=d.endsWith("-");p&&(d=d.slice(0,-1)),f&&a(),n.push(new Pe(d,$.Comment)),o+=2,p&&c();continue}if(r.slice(o,o+3)==="{%-"){a(),n.push(new Pe("{%",$.OpenStatement)),o+=3;continue}if(r.slice(o,o+3)==="{{-"){a(),n.push(new Pe("{{",$.OpenExpression)),s=0,o+=3;continue}if(i(jf),r.slice(o,o+3)==="-%}"){n.push(new Pe("%}",$.CloseStatement)),o+=3,c();continue}if(r.slice(o,o+3)==="-}}"){n.push(new Pe("}}",$.CloseExpression)),o+=3,c();continue}let l=r[o];if(l==="-"||l==="+"){let f=n.at(-1)?.type;if(f===$.Text||f===void 0)throw new SyntaxError(`Unexpected character: ${l}`);switch(f){case $.Identifier:case $.NumericLiteral:case $.StringLiteral:case $.CloseParen:case $.CloseSquareBracket:break;default:{++o;let d=i(Jt);if(d.length>0&&r[o]==="."&&Jt(r[o+1])){++o;let p=i(Jt);d=`${d}.${p}`}n.push(new Pe(`${l}${d}`,d.length>0?$.NumericLiteral:$.UnaryOperator));continue}}}for(let[f,d]of Ey){if(f==="}}"&&s>0)continue;if(r.slice(o,o+f.length)===f){n.push(new Pe(f,d)),d===$.OpenExpression?s=0:d===$.OpenCurlyBracket?++s:d===$.CloseCurlyBracket&&--s,o+=f.length;continue e}}if(l==="'"||l==='"'){++o;let f=i(d=>d!==l);n.push(new Pe(f,$.StringLiteral)),++o;continue}if(Jt(l)){let f=i(Jt);if(n.at(-1)?.type!==$.Dot&&r[o]==="."&&Jt(r[o+1])){++o;let d=i(Jt);f=`${f}.${d}`}n.push(new Pe(f,$.NumericLiteral));continue}if(Pf(l)){let f=i(Pf);n.push(new Pe(f,$.Identifier));continue}throw new SyntaxError(`Unexpected character: ${l}`)}return n}var je=class{type="Statement"},Oy=class extends je{constructor(e){super(),this.body=e}type="Program"},Ty=class extends je{constructor(e,t,n){super(),this.test=e,this.body=t,this.alternate=n}type="If"},My=class extends je{constructor(e,t,n,r){super(),this.loopvar=e,this.iterable=t,this.body=n,this.defaultBlock=r}type="For"},Ny=class extends je{type="Break"},Cy=class extends je{type="Continue"},Iy=class extends je{constructor(e,t,n){super(),this.assignee=e,this.value=t,this.body=n}type="Set"},Ry=class extends je{constructor(e,t,n){super(),this.name=e,this.args=t,this.body=n}type="Macro"},Ly=class extends je{constructor(e){super(),this.value=e}type="Comment"},Ee=class extends je{type="Expression"},Py=class extends Ee{constructor(e,t,n){super(),this.object=e,this.property=t,this.computed=n}type="MemberExpression"},Bf=class extends Ee{constructor(e,t){super(),this.callee=e,this.args=t}type="CallExpression"},Tt=class extends Ee{constructor(e){super(),this.value=e}type="Identifier"},Un=class extends Ee{constructor(e){super(),this.value=e}type="Literal"},jy=class extends Un{type="IntegerLiteral"},By=class extends Un{type="FloatLiteral"},zf=class extends Un{type="StringLiteral"},zy=class extends Un{type="ArrayLiteral"},qf=class extends Un{type="TupleLiteral"},qy=class extends Un{type="ObjectLiteral"},Wn=class extends Ee{constructor(e,t,n){super(),this.operator=e,this.left=t,this.right=n}type="BinaryExpression"},Dy=class extends Ee{constructor(e,t){super(),this.operand=e,this.filter=t}type="FilterExpression"},Wy=class extends je{constructor(e,t){super(),this.filter=e,this.body=t}type="FilterStatement"},Uy=class extends Ee{constructor(e,t){super(),this.lhs=e,this.test=t}type="SelectExpression"},Fy=class extends Ee{constructor(e,t,n){super(),this.operand=e,this.negate=t,this.test=n}type="TestExpression"},Df=class extends Ee{constructor(e,t){super(),this.operator=e,this.argument=t}type="UnaryExpression"},Ky=class extends Ee{constructor(e=void 0,t=void 0,n=void 0){super(),this.start=e,this.stop=t,this.step=n}type="SliceExpression"},Oa=class extends Ee{constructor(e,t){super(),this.key=e,this.value=t}type="KeywordArgumentExpression"},Gy=class extends Ee{constructor(e){super(),this.argument=e}type="SpreadExpression"},Vy=class extends Ee{constructor(e){super(),this.argument=e}type="KeywordSpreadExpression"},Hy=class extends je{constructor(e,t,n){super(),this.call=e,this.callerArgs=t,this.body=n}type="CallStatement"},Jy=class extends Ee{constructor(e,t,n){super(),this.condition=e,this.trueExpr=t,this.falseExpr=n}type="Ternary"};function Yf(e){let t=new Oy([]),n=0;function r(k,E){let A=e[n++];if(!A||A.type!==k)throw new Error(`Parser Error: ${E}. ${A.type} !== ${k}.`);return A}function o(k){if(!c(k))throw new SyntaxError(`Expected ${k}`);++n}function s(){switch(e[n].type){case $.Comment:return new Ly(e[n++].value);case $.Text:return u();case $.OpenStatement:return l();case $.OpenExpression:return f();default:throw new SyntaxError(`Unexpected token type: ${e[n].type}`)}}function i(...k){return n+k.length<=e.length&&k.every((E,A)=>E===e[n+A].type)}function a(...k){return e[n]?.type===$.OpenStatement&&e[n+1]?.type===$.Identifier&&k.includes(e[n+1]?.value)}function c(...k){return n+k.length<=e.length&&k.every((E,A)=>e[n+A].type==="Identifier"&&E===e[n+A].value)}function u(){return new zf(r($.Text,"Expected text token").value)}function l(){if(r($.OpenStatement,"Expected opening statement token"),e[n].type!==$.Identifier)throw new SyntaxError(`Unknown statement, got ${e[n].type}`);let k=e[n].value,E;switch(k){case"set":++n,E=d();break;case"if":++n,E=p(),r($.OpenStatement,"Expected {% token"),o("endif"),r($.CloseStatement,"Expected %} token");break;case"macro":++n,E=h(),r($.OpenStatement,"Expected {% token"),o("endmacro"),r($.CloseStatement,"Expected %} token");break;case"for":++n,E=g(),r($.OpenStatement,"Expected {% token"),o("endfor"),r($.CloseStatement,"Expected %} token");break;case"call":{++n;let A=null;i($.OpenParen)&&(A=M("parameters"));let B=I();if(B.type!=="Identifier")throw new SyntaxError("Expected identifier following call statement");let V=M("call");r($.CloseStatement,"Expected closing statement token");let ge=[];for(;!a("endcall");)ge.push(s());r($.OpenStatement,"Expected '{%'"),o("endcall"),r($.CloseStatement,"Expected closing statement token");let He=new Bf(B,V);E=new Hy(He,A,ge);break}case"break":++n,r($.CloseStatement,"Expected closing statement token"),E=new Ny;break;case"continue":++n,r($.CloseStatement,"Expected closing statement token"),E=new Cy;break;case"filter":{++n;let A=I();A instanceof Tt&&i($.OpenParen)&&(A=T(A)),r($.CloseStatement,"Expected closing statement token");let B=[];for(;!a("endfilter");)B.push(s());r($.OpenStatement,"Expected '{%'"),o("endfilter"),r($.CloseStatement,"Expected '%}'"),E=new Wy(A,B);break}default:throw new SyntaxError(`Unknown statement type: ${k}`)}return E}function f(){r($.OpenExpression,"Expected opening expression token");let k=w();return r($.CloseExpression,"Expected closing expression token"),k}function d(){let k=m(),E=null,A=[];if(i($.Equals))++n,E=m();else{for(r($.CloseStatement,"Expected %} token");!a("endset");)A.push(s());r($.OpenStatement,"Expected {% token"),o("endset")}return r($.CloseStatement,"Expected closing statement token"),new Iy(k,E,A)}function p(){let k=w();r($.CloseStatement,"Expected closing statement token");let E=[],A=[];for(;!a("elif","else","endif");)E.push(s());if(a("elif")){++n,++n;let B=p();A.push(B)}else if(a("else"))for(++n,++n,r($.CloseStatement,"Expected closing statement token");!a("endif");)A.push(s());return new Ty(k,E,A)}function h(){let k=I();if(k.type!=="Identifier")throw new SyntaxError("Expected identifier following macro statement");let E=M("parameters");r($.CloseStatement,"Expected closing statement token");let A=[];for(;!a("endmacro");)A.push(s());return new Ry(k,E,A)}function m(k=!1){let E=k?I:w,A=[E()],B=i($.Comma);for(;B&&(++n,A.push(E()),!!i($.Comma)););return B?new qf(A):A[0]}function g(){let k=m(!0);if(!(k instanceof Tt||k instanceof qf))throw new SyntaxError(`Expected identifier/tuple for the loop variable, got ${k.type} instead`);if(!c("in"))throw new SyntaxError("Expected `in` keyword following loop variable");++n;let E=w();r($.CloseStatement,"Expected closing statement token");let A=[];for(;!a("endfor","else");)A.push(s());let B=[];if(a("else"))for(++n,++n,r($.CloseStatement,"Expected closing statement token");!a("endfor");)B.push(s());return new My(k,E,A,B)}function w(){return _()}function _(){let k=b();if(c("if")){++n;let E=b();if(c("else")){++n;let A=_();return new Jy(E,k,A)}else return new Uy(k,E)}return k}function b(){let k=v();for(;c("or");){let E=e[n];++n;let A=v();k=new Wn(E,k,A)}return k}function v(){let k=x();for(;c("and");){let E=e[n];++n;let A=x();k=new Wn(E,k,A)}return k}function x(){let k;for(;c("not");){let E=e[n];++n;let A=x();k=new Df(E,A)}return k??S()}function S(){let k=O();for(;;){let E;if(c("not","in"))E=new Pe("not in",$.Identifier),n+=2;else if(c("in"))E=e[n++];else if(i($.ComparisonBinaryOperator))E=e[n++];else break;let A=O();k=new Wn(E,k,A)}return k}function O(){let k=Ce();for(;i($.AdditiveBinaryOperator);){let E=e[n];++n;let A=Ce();k=new Wn(E,k,A)}return k}function R(){let k=ot(I());return i($.OpenParen)?T(k):k}function T(k){let E=new Bf(k,M("call"));return E=ot(E),i($.OpenParen)&&(E=T(E)),E}function M(k){r($.OpenParen,"Expected opening parenthesis for arguments list");let E=Z(k);return r($.CloseParen,"Expected closing parenthesis for arguments list"),E}function Z(k){let E=[],A=new Set,B=!1,V=!1;for(;!i($.CloseParen);){let ge=i($.ExponentiationBinaryOperator),He=i($.MultiplicativeBinaryOperator)&&e[n].value==="*";if(k==="parameters"&&(ge||He))throw new SyntaxError("Argument unpacking is not allowed in parameter declarations");if(ge){if(++n,E.push(new Vy(w())),i($.Comma)&&++n,!i($.CloseParen))throw new SyntaxError("Expected closing parenthesis: `**` must be applied to the final argument");break}let pe;if(He){if(V)throw new SyntaxError("Only one `*` argument unpacking is allowed");V=!0,++n;let We=w();pe=new Gy(We)}else{if(pe=w(),i($.Equals)){if(++n,!(pe instanceof Tt))throw new SyntaxError(k==="parameters"?"Expected identifier for parameter declaration":"Expected identifier for keyword argument");let We=w();pe=new Oa(pe,We)}if(k==="parameters"){if(!(pe instanceof Tt||pe instanceof Oa))throw new SyntaxError("Expected identifier for parameter declaration");let We=pe instanceof Tt?pe.value:pe.key.value;if(A.has(We))throw new SyntaxError(`Duplicate parameter name: ${We}`);A.add(We)}if(pe instanceof Oa)B=!0;else{if(B)throw new SyntaxError(k==="call"?"Positional arguments must come before keyword arguments":"Non-default argument follows default argument");if(V)throw new SyntaxError("Positional arguments must not follow `*` argument unpacking")}}E.push(pe),i($.Comma)&&++n}return E}function ee(){let k=[],E=!1;for(;!i($.CloseSquareBracket);)i($.Colon)?(k.push(void 0),++n,E=!0):(k.push(w()),i($.Colon)&&(++n,E=!0));if(k.length===0)throw new SyntaxError("Expected at least one argument for member/slice expression");if(E){if(k.length>3)throw new SyntaxError("Expected 0-3 arguments for slice expression");return new Ky(...k)}return k[0]}function ot(k){for(;i($.Dot)||i($.OpenSquareBracket);){let E=e[n];++n;let A,B=E.type===$.OpenSquareBracket;if(B)A=ee(),r($.CloseSquareBracket,"Expected closing square bracket");else if(A=I(),A.type!=="Identifier"&&A.type!=="IntegerLiteral")throw new SyntaxError("Expected identifier or integer following dot operator");k=new Py(k,A,B)}return k}function Ce(){let k=De();for(;i($.MultiplicativeBinaryOperator);){let E=e[n++],A=De();k=new Wn(E,k,A)}return k}function De(){let k=ue();for(;i($.ExponentiationBinaryOperator);){let E=e[n++],A=ue();k=new Wn(E,k,A)}return k}function ue(){let k=C();for(;c("is");){++n;let E=c("not");E&&++n;let A=I();if(!(A instanceof Tt))throw new SyntaxError("Expected identifier for the test");k=new Fy(k,E,A)}return k}function C(){let k=q();for(;i($.Pipe);){++n;let E=I();if(!(E instanceof Tt))throw new SyntaxError("Expected identifier for the filter");i($.OpenParen)&&(E=T(E)),k=new Dy(k,E)}return k}function q(){let k=e[n];if(k&&(k.type===$.UnaryOperator||k.type===$.AdditiveBinaryOperator)&&(k.value==="-"||k.value==="+")){let E=e[n++],A=q();return new Df(E,A)}return R()}function I(){let k=e[n++];switch(k.type){case $.NumericLiteral:{let E=k.value;return E.includes(".")?new By(Number(E)):new jy(Number(E))}case $.StringLiteral:{let E=k.value;for(;i($.StringLiteral);)E+=e[n++].value;return new zf(E)}case $.Identifier:return new Tt(k.value);case $.OpenParen:{let E=m();return r($.CloseParen,"Expected closing parenthesis, got ${tokens[current].type} instead."),E}case $.OpenSquareBracket:{let E=[];for(;!i($.CloseSquareBracket);)E.push(w()),i($.Comma)&&++n;return++n,new zy(E)}case $.OpenCurlyBracket:{let E=new Map;for(;!i($.CloseCurlyBracket);){let A=w();r($.Colon,"Expected colon between key and value in object literal");let B=w();E.set(A,B),i($.Comma)&&++n}return++n,new qy(E)}default:throw new SyntaxError(`Unexpected token: ${k.type}`)}}for(;n<e.length;)t.body.push(s());return t}function Wf(e,t,n,r=1){let o=Math.sign(r);o>=0?(t=(t??=0)<0?Math.max(e.length+t,0):Math.min(t,e.length),n=(n??=e.length)<0?Math.max(e.length+n,0):Math.min(n,e.length)):(t=(t??=e.length-1)<0?Math.max(e.length+t,-1):Math.min(t,e.length-1),n=(n??=-1)<-1?Math.max(e.length+n,-1):Math.min(n,e.length-1));let s=[];for(let i=t;o*i<o*n;i+=r)s.push(e[i]);return s}function Xy(e){return e.replace(/\b\w/g,t=>t.toUpperCase())}function Yy(e){return e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&")}function Qy(e,t,n,r){if(r===0)return e;let o=r==null||r<0?1/0:r,s=t.length===0?new RegExp("(?=)","gu"):new RegExp(Yy(t),"gu");return e.replaceAll(s,i=>o>0?(--o,n):i)}var Uf=class extends Error{},Ff=class extends Error{},Zy=new Map,Fe=class{type="RuntimeValue";value;get builtins(){return Zy}constructor(e=void 0){this.value=e}__bool__(){return new P(!!this.value)}toString(){return String(this.value)}},j=class extends Fe{type="IntegerValue"},K=class extends Fe{type="FloatValue";toString(){return Object.is(this.value,-0)?"-0.0":this.value%1===0?this.value.toFixed(1):this.value.toString()}},N=class extends Fe{type="StringValue";_builtins;get builtins(){return this._builtins??=new Map([["upper",new Y(()=>new N(this.value.toUpperCase()))],["lower",new Y(()=>new N(this.value.toLowerCase()))],["strip",new Y(()=>new N(this.value.trim()))],["title",new Y(()=>new N(Xy(this.value)))],["capitalize",new Y(()=>new N(this.value.charAt(0).toUpperCase()+this.value.slice(1)))],["length",new j(this.value.length)],["rstrip",new Y(()=>new N(this.value.trimEnd()))],["lstrip",new Y(()=>new N(this.value.trimStart()))],["startswith",new Y(e=>{if(e.length===0)throw new Error("startswith() requires at least one argument");let t=e[0];if(t instanceof N)return new P(this.value.startsWith(t.value));if(t instanceof W){for(let n of t.value){if(!(n instanceof N))throw new Error("startswith() tuple elements must be strings");if(this.value.startsWith(n.value))return new P(!0)}return new P(!1)}throw new Error("startswith() argument must be a string or tuple of strings")})],["endswith",new Y(e=>{if(e.length===0)throw new Error("endswith() requires at least one argument");let t=e[0];if(t instanceof N)return new P(this.value.endsWith(t.value));if(t instanceof W){for(let n of t.value){if(!(n instanceof N))throw new Error("endswith() tuple elements must be strings");if(this.value.endsWith(n.value))return new P(!0)}return new P(!1)}throw new Error("endswith() argument must be a string or tuple of strings")})],["split",new Y(e=>{let t=e[0]??new te;if(!(t instanceof N||t instanceof te))throw new Error("sep argument must be a string or null");let n=e[1]??new j(-1);if(!(n instanceof j))throw new Error("maxsplit argument must be a number");let r=[];if(t instanceof te){let o=this.value.trimStart();for(let{0:s,index:i}of o.matchAll(/\S+/g)){if(n.value!==-1&&r.length>=n.value&&i!==void 0){r.push(s+o.slice(i+s.length));break}r.push(s)}}else{if(t.value==="")throw new Error("empty separator");r=this.value.split(t.value),n.value!==-1&&r.length>n.value&&r.push(r.splice(n.value).join(t.value))}return new W(r.map(o=>new N(o)))})],["replace",new Y(e=>{if(e.length<2)throw new Error("replace() requires at least two arguments");let t=e[0],n=e[1];if(!(t instanceof N&&n instanceof N))throw new Error("replace() arguments must be strings");let r;if(e.length>2?e[2].type==="KeywordArgumentsValue"?r=e[2].value.get("count")??new te:r=e[2]:r=new te,!(r instanceof j||r instanceof te))throw new Error("replace() count argument must be a number or null");return new N(Qy(this.value,t.value,n.value,r.value))})]])}},P=class extends Fe{type="BooleanValue"},eb=/[\x7f-\uffff]/g;function Kf(e){return e.replace(eb,t=>"\\u"+t.charCodeAt(0).toString(16).padStart(4,"0"))}function Mt(e,t={},n=0,r=!0){let{indent:o=null,ensureAscii:s=!1,separators:i=null,sortKeys:a=!1}=t,c,u;switch(i?[c,u]=i:o?(c=",",u=": "):(c=", ",u=": "),e.type){case"NullValue":return"null";case"UndefinedValue":return r?"null":"undefined";case"IntegerValue":case"FloatValue":case"BooleanValue":return JSON.stringify(e.value);case"StringValue":{let l=JSON.stringify(e.value);return s&&(l=Kf(l)),l}case"ArrayValue":case"NamespaceValue":case"ObjectValue":{let l=o?" ".repeat(o):"",f=`
`+l.repeat(n),d=f+l;if(e.type==="ArrayValue"){let p=e.value.map(h=>Mt(h,t,n+1,r));return o&&p.length>0?`[${d}${p.join(`${c}${d}`)}${f}]`:`[${p.join(c)}]`}else{let p=Array.from(e.value.entries());a&&(p=p.sort(([m],[g])=>m.localeCompare(g)));let h=p.map(([m,g])=>{let w=JSON.stringify(m);s&&(w=Kf(w));let _=`${w}${u}${Mt(g,t,n+1,r)}`;return o?`${d}${_}`:_});return o&&h.length>0?`{${h.join(c)}${f}}`:`{${h.join(c)}}`}}default:throw new Error(`Cannot convert to JSON: ${e.type}`)}}var be=class extends Fe{type="ObjectValue";_builtins;__bool__(){return new P(this.value.size>0)}get builtins(){return this._builtins??=new Map([["get",new Y(([e,t])=>{if(!(e instanceof N))throw new Error(`Object key must be a string: got ${e.type}`);return this.value.get(e.value)??t??new te})],["items",new Y(()=>this.items())],["keys",new Y(()=>this.keys())],["values",new Y(()=>this.values())],["dictsort",new Y(e=>{let t=new Map,n=e.filter(a=>a instanceof Xt?(t=a.value,!1):!0),r=n.at(0)??t.get("case_sensitive")??new P(!1);if(!(r instanceof P))throw new Error("case_sensitive must be a boolean");let o=n.at(1)??t.get("by")??new N("key");if(!(o instanceof N))throw new Error("by must be a string");if(!["key","value"].includes(o.value))throw new Error("by must be either 'key' or 'value'");let s=n.at(2)??t.get("reverse")??new P(!1);if(!(s instanceof P))throw new Error("reverse must be a boolean");let i=Array.from(this.value.entries()).map(([a,c])=>new W([new N(a),c])).sort((a,c)=>{let u=o.value==="key"?0:1,l=a.value[u],f=c.value[u],d=Ta(l,f,r.value);return s.value?-d:d});return new W(i)})]])}items(){return new W(Array.from(this.value.entries()).map(([e,t])=>new W([new N(e),t])))}keys(){return new W(Array.from(this.value.keys()).map(e=>new N(e)))}values(){return new W(Array.from(this.value.values()))}toString(){return Mt(this,{},0,!1)}},Xt=class extends be{type="KeywordArgumentsValue"},Na=class extends Fe{type="NamespaceValue";toString(){return Mt(this,{},0,!1)}},W=class extends Fe{type="ArrayValue";_builtins;get builtins(){return this._builtins??=new Map([["length",new j(this.value.length)]])}__bool__(){return new P(this.value.length>0)}toString(){return Mt(this,{},0,!1)}},Gf=class extends W{type="TupleValue"},Y=class extends Fe{type="FunctionValue"},te=class extends Fe{type="NullValue"},X=class extends Fe{type="UndefinedValue"};function tb(e){let t;if(e instanceof W?t=e.value:e instanceof N&&(t=Array.from(e.value,o=>new N(o))),!t||t.length!==2)throw new Error("namespace expected an object or an iterable of [key, value] pairs");let[n,r]=t;if(!(n instanceof N))throw new Error("namespace keys must be strings");return[n,r]}var Qf=class{constructor(e){this.parent=e}variables=new Map([["namespace",new Y(e=>{let t=e.slice(),n;if(t.at(-1)instanceof Xt&&(n=t.pop()),t.length>1)throw new Error(`namespace expected at most 1 argument, got ${t.length}`);let r=new Map;if(t.length===1){let o=t[0];if(o instanceof be)for(let[s,i]of o.value)r.set(s,i);else if(o instanceof W)for(let s of o.value){let[i,a]=tb(s);r.set(i.value,a)}else throw new Error(`'${o.type}' object is not iterable`)}if(n)for(let[o,s]of n.value)r.set(o,s);return new Na(r)})]]);tests=Qf.TESTS;set(e,t){return this.declareVariable(e,Jo(t))}declareVariable(e,t){if(this.variables.has(e))throw new SyntaxError(`Variable already declared: ${e}`);return this.variables.set(e,t),t}setVariable(e,t){return this.variables.set(e,t),t}resolve(e){if(this.variables.has(e))return this;if(this.parent)return this.parent.resolve(e);throw new Error(`Unknown variable: ${e}`)}lookupVariable(e){try{return this.resolve(e).variables.get(e)??new X}catch{return new X}}},Me=Qf;$y(Me,"TESTS",new Map([["boolean",e=>e.type==="BooleanValue"],["callable",e=>e instanceof Y],["odd",e=>{if(!(e instanceof j))throw new Error(`cannot odd on ${e.type}`);return e.value%2!==0}],["even",e=>{if(!(e instanceof j))throw new Error(`cannot even on ${e.type}`);return e.value%2===0}],["false",e=>e.type==="BooleanValue"&&!e.value],["true",e=>e.type==="BooleanValue"&&e.value],["none",e=>e.type==="NullValue"],["string",e=>e.type==="StringValue"],["number",e=>e instanceof j||e instanceof K],["integer",e=>e instanceof j],["iterable",e=>e.type==="ArrayValue"||e.type==="StringValue"],["mapping",e=>e instanceof be],["sequence",e=>e instanceof W||e instanceof be||e instanceof N],["lower",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toLowerCase()}],["upper",e=>{let t=e.value;return e.type==="StringValue"&&t===t.toUpperCase()}],["none",e=>e.type==="NullValue"],["defined",e=>e.type!=="UndefinedValue"],["undefined",e=>e.type==="UndefinedValue"],["equalto",(e,t)=>e.value===t.value],["eq",(e,t)=>e.value===t.value]]));function Ho(e){return e instanceof be||e instanceof Na}function Xo(e){return e instanceof j||e instanceof K||e instanceof P}function Yo(e){return e instanceof P?Number(e.value):e.value}function Vf(e,t){let n=t.split("."),r=e;for(let o of n)if(Ho(r))r=r.value.get(o)??new X;else if(r instanceof W){let s=parseInt(o,10);if(!isNaN(s)&&s>=0&&s<r.value.length)r=r.value[s];else return new X}else return new X;return r}function Ta(e,t,n=!1){if(e instanceof te&&t instanceof te)return 0;if(e instanceof te||t instanceof te)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(e instanceof X&&t instanceof X)return 0;if(e instanceof X||t instanceof X)throw new Error(`Cannot compare ${e.type} with ${t.type}`);if(Xo(e)&&Xo(t)){let r=Yo(e),o=Yo(t);return r<o?-1:r>o?1:0}if(e.type!==t.type)throw new Error(`Cannot compare different types: ${e.type} and ${t.type}`);switch(e.type){case"StringValue":{let r=e.value,o=t.value;return n||(r=r.toLowerCase(),o=o.toLowerCase()),r<o?-1:r>o?1:0}default:throw new Error(`Cannot compare type: ${e.type}`)}}function Ma(e){if(e.type==="Identifier")return{name:e.value};let t=e;return{name:t.key.value,defaultValue:t.value}}function Hf(e){return e==="kwargs"||e==="varargs"}function Jf(e,t){let n=new Set,r=new Set,o=l=>{Hf(l)&&n.add(l)},s=l=>{if(l.type==="Identifier")o(l.value);else if(l.type==="TupleLiteral")for(let f of l.value)s(f)},i=l=>{o(Ma(l).name)},a=l=>{for(let f of l){let d=Ma(f);d.defaultValue&&u(d.defaultValue)}},c=l=>{l.type==="CallExpression"&&u(l.args)},u=l=>{if(Array.isArray(l)){for(let f of l)u(f);return}if(l instanceof Map){for(let[f,d]of l)u(f),u(d);return}if(l instanceof je)switch(l.type){case"For":{let f=l;if(s(f.loopvar),f.iterable.type==="SelectExpression"){let d=f.iterable;u(d.lhs),u(f.body),u(f.defaultBlock),u(d.test);return}u(f.iterable),u(f.body),u(f.defaultBlock);return}case"Set":{let f=l;s(f.assignee),u(f.value),u(f.body);return}case"Macro":{let f=l;for(let d of f.args)i(d);a(f.args),u(f.body);return}case"CallStatement":{let f=l;u(f.call);for(let d of f.callerArgs??[])i(d);a(f.callerArgs??[]),u(f.body);return}case"FilterStatement":{let f=l;u(f.body),c(f.filter);return}case"Identifier":{let f=l.value;Hf(f)&&!n.has(f)&&r.add(f);return}case"MemberExpression":{let f=l;u(f.object),f.computed&&u(f.property);return}case"FilterExpression":{let f=l;u(f.operand),c(f.filter);return}case"TestExpression":u(l.operand);return;case"SelectExpression":{let f=l;u(f.test),u(f.lhs);return}case"KeywordArgumentExpression":u(l.value);return;default:for(let f of Object.values(l))u(f)}};for(let l of e)i(l);return u(t),r}var Zf=class{global;constructor(e){this.global=e??new Me}run(e){return this.evaluate(e,this.global)}evaluateBinaryExpression(e,t){let n=this.evaluate(e.left,t);switch(e.operator.value){case"and":return n.__bool__().value?this.evaluate(e.right,t):n;case"or":return n.__bool__().value?n:this.evaluate(e.right,t)}let r=this.evaluate(e.right,t);switch(e.operator.value){case"==":return new P(n.value==r.value);case"!=":return new P(n.value!=r.value)}if(n instanceof X||r instanceof X){if(r instanceof X&&["in","not in"].includes(e.operator.value))return new P(e.operator.value==="not in");throw new Error(`Cannot perform operation ${e.operator.value} on undefined values`)}else{if(n instanceof te||r instanceof te)throw new Error("Cannot perform operation on null values");if(e.operator.value==="~")return new N(n.value.toString()+r.value.toString());if(e.operator.value==="**"&&Xo(n)&&Xo(r)){let o=Yo(n),s=Yo(r);if(o===0&&s<0)throw new Error("0.0 cannot be raised to a negative power");let i=o**s;if(!Number.isFinite(i))throw new Error("Exponentiation result is not a finite real number");return n instanceof K||r instanceof K||s<0?new K(i):new j(i)}else if((n instanceof j||n instanceof K)&&(r instanceof j||r instanceof K)){let o=n.value,s=r.value;switch(e.operator.value){case"+":case"-":case"*":{let i=e.operator.value==="+"?o+s:e.operator.value==="-"?o-s:o*s;return n instanceof K||r instanceof K?new K(i):new j(i)}case"/":return new K(o/s);case"//":{let i=Math.floor(o/s);return n instanceof K||r instanceof K?new K(i):new j(i)}case"%":{let i=o%s;return n instanceof K||r instanceof K?new K(i):new j(i)}case"<":return new P(o<s);case">":return new P(o>s);case">=":return new P(o>=s);case"<=":return new P(o<=s)}}else if(n instanceof W&&r instanceof W)switch(e.operator.value){case"+":return new W(n.value.concat(r.value))}else if(r instanceof W){let o=r.value.find(s=>s.value===n.value)!==void 0;switch(e.operator.value){case"in":return new P(o);case"not in":return new P(!o)}}}if(n instanceof N||r instanceof N)switch(e.operator.value){case"+":return new N(n.value.toString()+r.value.toString())}if(n instanceof N&&r instanceof N)switch(e.operator.value){case"in":return new P(r.value.includes(n.value));case"not in":return new P(!r.value.includes(n.value))}if(n instanceof N&&r instanceof be)switch(e.operator.value){case"in":return new P(r.value.has(n.value));case"not in":return new P(!r.value.has(n.value))}throw new SyntaxError(`Unknown operator "${e.operator.value}" between ${n.type} and ${r.type}`)}evaluateArguments(e,t){let n=[],r=new Map,o=(s,i)=>{if(r.has(s))throw new Error(`Got multiple values for keyword argument '${s}'`);r.set(s,i)};for(let s of e)if(s.type==="SpreadExpression"){let i=s,a=this.evaluate(i.argument,t);if(!(a instanceof W))throw new Error(`Cannot unpack non-iterable type: ${a.type}`);for(let c of a.value)n.push(c)}else s.type!=="KeywordArgumentExpression"&&s.type!=="KeywordSpreadExpression"&&n.push(this.evaluate(s,t));for(let s of e)if(s.type==="KeywordArgumentExpression"){let i=s;o(i.key.value,this.evaluate(i.value,t))}else if(s.type==="KeywordSpreadExpression"){let i=s,a=this.evaluate(i.argument,t);if(!(a instanceof be))throw new Error(`Argument after ** must be a mapping, not ${a.type}`);for(let[c,u]of a.value)o(c,u)}return[n,r]}applyFilter(e,t,n){if(t.type==="Identifier"){let r=t;if(r.value==="safe")return e;if(r.value==="tojson")return new N(Mt(e,{}));if(e instanceof W)switch(r.value){case"list":return e;case"first":return e.value[0];case"last":return e.value[e.value.length-1];case"length":return new j(e.value.length);case"reverse":return new W(e.value.slice().reverse());case"sort":return new W(e.value.slice().sort((o,s)=>Ta(o,s,!1)));case"join":return new N(e.value.map(o=>o.value).join(""));case"string":return new N(Mt(e,{},0,!1));case"unique":{let o=new Set,s=[];for(let i of e.value)o.has(i.value)||(o.add(i.value),s.push(i));return new W(s)}default:throw new Error(`Unknown ArrayValue filter: ${r.value}`)}else if(e instanceof N)switch(r.value){case"length":case"upper":case"lower":case"title":case"capitalize":{let o=e.builtins.get(r.value);if(o instanceof Y)return o.value([],n);if(o instanceof j)return o;throw new Error(`Unknown StringValue filter: ${r.value}`)}case"trim":return new N(e.value.trim());case"indent":return new N(e.value.split(`
`).map((o,s)=>s===0||o.length===0?o:"    "+o).join(`
`));case"join":case"string":return e;case"int":{let o=parseInt(e.value,10);return new j(isNaN(o)?0:o)}case"float":{let o=parseFloat(e.value);return new K(isNaN(o)?0:o)}default:throw new Error(`Unknown StringValue filter: ${r.value}`)}else if(e instanceof j||e instanceof K)switch(r.value){case"abs":return e instanceof j?new j(Math.abs(e.value)):new K(Math.abs(e.value));case"int":return new j(Math.floor(e.value));case"float":return new K(e.value);case"string":return new N(e.toString());default:throw new Error(`Unknown NumericValue filter: ${r.value}`)}else if(e instanceof be)switch(r.value){case"items":return new W(Array.from(e.value.entries()).map(([o,s])=>new W([new N(o),s])));case"length":return new j(e.value.size);default:{let o=e.builtins.get(r.value);if(o)return o instanceof Y?o.value([],n):o;throw new Error(`Unknown ObjectValue filter: ${r.value}`)}}else if(e instanceof P)switch(r.value){case"bool":return new P(e.value);case"int":return new j(e.value?1:0);case"float":return new K(e.value?1:0);case"string":return new N(e.value?"true":"false");default:throw new Error(`Unknown BooleanValue filter: ${r.value}`)}throw new Error(`Cannot apply filter "${r.value}" to type: ${e.type}`)}else if(t.type==="CallExpression"){let r=t;if(r.callee.type!=="Identifier")throw new Error(`Unknown filter: ${r.callee.type}`);let o=r.callee.value;if(o==="tojson"){let[,s]=this.evaluateArguments(r.args,n),i=s.get("indent")??new te;if(!(i instanceof j||i instanceof te))throw new Error("If set, indent must be a number");let a=s.get("ensure_ascii")??new P(!1);if(!(a instanceof P))throw new Error("If set, ensure_ascii must be a boolean");let c=s.get("sort_keys")??new P(!1);if(!(c instanceof P))throw new Error("If set, sort_keys must be a boolean");let u=s.get("separators")??new te,l=null;if(u instanceof W||u instanceof Gf){if(u.value.length!==2)throw new Error("separators must be a tuple of two strings");let[f,d]=u.value;if(!(f instanceof N)||!(d instanceof N))throw new Error("separators must be a tuple of two strings");l=[f.value,d.value]}else if(!(u instanceof te))throw new Error("If set, separators must be a tuple of two strings");return new N(Mt(e,{indent:i.value,ensureAscii:a.value,sortKeys:c.value,separators:l}))}else if(o==="join"){let s;if(e instanceof N)s=Array.from(e.value);else if(e instanceof W)s=e.value.map(u=>u.value);else throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`);let[i,a]=this.evaluateArguments(r.args,n),c=i.at(0)??a.get("separator")??new N("");if(!(c instanceof N))throw new Error("separator must be a string");return new N(s.join(c.value))}else if(o==="int"||o==="float"){let[s,i]=this.evaluateArguments(r.args,n),a=s.at(0)??i.get("default")??(o==="int"?new j(0):new K(0));if(e instanceof N){let c=o==="int"?parseInt(e.value,10):parseFloat(e.value);return isNaN(c)?a:o==="int"?new j(c):new K(c)}else{if(e instanceof j||e instanceof K)return e;if(e instanceof P)return o==="int"?new j(e.value?1:0):new K(e.value?1:0);throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`)}}else if(o==="default"){let[s,i]=this.evaluateArguments(r.args,n),a=s[0]??new N(""),c=s[1]??i.get("boolean")??new P(!1);if(!(c instanceof P))throw new Error("`default` filter flag must be a boolean");return e instanceof X||c.value&&!e.__bool__().value?a:e}if(e instanceof W){switch(o){case"sort":{let[s,i]=this.evaluateArguments(r.args,n),a=s.at(0)??i.get("reverse")??new P(!1);if(!(a instanceof P))throw new Error("reverse must be a boolean");let c=s.at(1)??i.get("case_sensitive")??new P(!1);if(!(c instanceof P))throw new Error("case_sensitive must be a boolean");let u=s.at(2)??i.get("attribute")??new te;if(!(u instanceof N||u instanceof j||u instanceof te))throw new Error("attribute must be a string, integer, or null");let l=f=>{if(u instanceof te)return f;let d=u instanceof j?String(u.value):u.value;return Vf(f,d)};return new W(e.value.slice().sort((f,d)=>{let p=l(f),h=l(d),m=Ta(p,h,c.value);return a.value?-m:m}))}case"selectattr":case"rejectattr":{let s=o==="selectattr";if(e.value.some(f=>!Ho(f)))throw new Error(`\`${o}\` can only be applied to array of objects`);if(r.args.some(f=>f.type!=="StringLiteral"))throw new Error(`arguments of \`${o}\` must be strings`);let[i,a,c]=r.args.map(f=>this.evaluate(f,n)),u;if(a){let f=n.tests.get(a.value);if(!f)throw new Error(`Unknown test: ${a.value}`);u=f}else u=(...f)=>f[0].__bool__().value;let l=e.value.filter(f=>{let d=f.value.get(i.value),p=d?u(d,c):!1;return s?p:!p});return new W(l)}case"map":{let[,s]=this.evaluateArguments(r.args,n);if(s.has("attribute")){let i=s.get("attribute");if(!(i instanceof N))throw new Error("attribute must be a string");let a=s.get("default"),c=e.value.map(u=>{if(!Ho(u))throw new Error("items in map must be an object");let l=Vf(u,i.value);return l instanceof X?a??new X:l});return new W(c)}else throw new Error("`map` expressions without `attribute` set are not currently supported.")}}throw new Error(`Unknown ArrayValue filter: ${o}`)}else if(e instanceof N){switch(o){case"indent":{let[s,i]=this.evaluateArguments(r.args,n),a=s.at(0)??i.get("width")??new j(4);if(!(a instanceof j))throw new Error("width must be a number");let c=s.at(1)??i.get("first")??new P(!1),u=s.at(2)??i.get("blank")??new P(!1),l=e.value.split(`
`),f=" ".repeat(a.value),d=l.map((p,h)=>!c.value&&h===0||!u.value&&p.length===0?p:f+p);return new N(d.join(`
`))}case"replace":{let s=e.builtins.get("replace");if(!(s instanceof Y))throw new Error("replace filter not available");let[i,a]=this.evaluateArguments(r.args,n);return s.value([...i,new Xt(a)],n)}}throw new Error(`Unknown StringValue filter: ${o}`)}else if(e instanceof be){let s=e.builtins.get(o);if(s&&s instanceof Y){let[i,a]=this.evaluateArguments(r.args,n);return a.size>0&&i.push(new Xt(a)),s.value(i,n)}throw new Error(`Unknown ObjectValue filter: ${o}`)}else throw new Error(`Cannot apply filter "${o}" to type: ${e.type}`)}throw new Error(`Unknown filter: ${t.type}`)}evaluateFilterExpression(e,t){let n=this.evaluate(e.operand,t);return this.applyFilter(n,e.filter,t)}evaluateTestExpression(e,t){let n=this.evaluate(e.operand,t),r=t.tests.get(e.test.value);if(!r)throw new Error(`Unknown test: ${e.test.value}`);let o=r(n);return new P(e.negate?!o:o)}evaluateSelectExpression(e,t){return this.evaluate(e.test,t).__bool__().value?this.evaluate(e.lhs,t):new X}evaluateUnaryExpression(e,t){let n=this.evaluate(e.argument,t);switch(e.operator.value){case"not":return new P(!n.__bool__().value);case"+":case"-":{let r=e.operator.value==="-"?-1:1;if(n instanceof j||n instanceof K||n instanceof P){let o=n instanceof P?n.value?1:0:n.value,s=r*o;return n instanceof K?new K(s):new j(s)}throw new SyntaxError(`Unknown operator "${e.operator.value}" for ${n.type}`)}default:throw new SyntaxError(`Unknown operator: ${e.operator.value}`)}}evaluateTernaryExpression(e,t){return this.evaluate(e.condition,t).__bool__().value?this.evaluate(e.trueExpr,t):this.evaluate(e.falseExpr,t)}evalProgram(e,t){return this.evaluateBlock(e.body,t)}evaluateBlock(e,t){let n="";for(let r of e){let o=this.evaluate(r,t);o.type!=="NullValue"&&o.type!=="UndefinedValue"&&(n+=o.toString())}return new N(n)}evaluateIdentifier(e,t){return t.lookupVariable(e.value)}evaluateCallExpression(e,t){let[n,r]=this.evaluateArguments(e.args,t);r.size>0&&n.push(new Xt(r));let o=this.evaluate(e.callee,t);if(o.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${o.type}`);return o.value(n,t)}evaluateSliceExpression(e,t,n){if(!(e instanceof W||e instanceof N))throw new Error("Slice object must be an array or string");let r=this.evaluate(t.start,n),o=this.evaluate(t.stop,n),s=this.evaluate(t.step,n);if(!(r instanceof j||r instanceof X))throw new Error("Slice start must be numeric or undefined");if(!(o instanceof j||o instanceof X))throw new Error("Slice stop must be numeric or undefined");if(!(s instanceof j||s instanceof X))throw new Error("Slice step must be numeric or undefined");return e instanceof W?new W(Wf(e.value,r.value,o.value,s.value)):new N(Wf(Array.from(e.value),r.value,o.value,s.value).join(""))}evaluateMemberExpression(e,t){let n=this.evaluate(e.object,t),r;if(e.computed){if(e.property.type==="SliceExpression")return this.evaluateSliceExpression(n,e.property,t);r=this.evaluate(e.property,t)}else e.property.type==="IntegerLiteral"?r=new j(e.property.value):r=new N(e.property.value);let o;if(Ho(n)){if(!(r instanceof N))throw new Error(`Cannot access property with non-string: got ${r.type}`);o=n.value.get(r.value)??(n instanceof be?n.builtins.get(r.value):void 0)}else if(n instanceof W||n instanceof N)if(r instanceof j)if(n instanceof N){let s=n.value.at(r.value);o=s===void 0?void 0:new N(s)}else o=n.value.at(r.value);else if(r instanceof N)o=n.builtins.get(r.value);else throw new Error(`Cannot access property with non-string/non-number: got ${r.type}`);else{if(!(r instanceof N))throw new Error(`Cannot access property with non-string: got ${r.type}`);o=n.builtins.get(r.value)}return o instanceof Fe?o:new X}evaluateSet(e,t){let n=e.value?this.evaluate(e.value,t):this.evaluateBlock(e.body,t);if(e.assignee.type==="Identifier"){let r=e.assignee.value;t.setVariable(r,n)}else if(e.assignee.type==="TupleLiteral"){let r=e.assignee;if(!(n instanceof W))throw new Error(`Cannot unpack non-iterable type in set: ${n.type}`);let o=n.value;if(o.length!==r.value.length)throw new Error(`Too ${r.value.length>o.length?"few":"many"} items to unpack in set`);for(let s=0;s<r.value.length;++s){let i=r.value[s];if(i.type!=="Identifier")throw new Error(`Cannot unpack to non-identifier in set: ${i.type}`);t.setVariable(i.value,o[s])}}else if(e.assignee.type==="MemberExpression"){let r=e.assignee,o=this.evaluate(r.object,t);if(!(o instanceof Na))throw new Error("cannot assign attribute on non-namespace object");if(r.property.type!=="Identifier")throw new Error("Cannot assign to member with non-identifier property");o.value.set(r.property.value,n)}else throw new Error(`Invalid LHS inside assignment expression: ${JSON.stringify(e.assignee)}`);return new te}evaluateIf(e,t){let n=this.evaluate(e.test,t);return this.evaluateBlock(n.__bool__().value?e.body:e.alternate,t)}evaluateFor(e,t){let n=new Me(t),r,o;if(e.iterable.type==="SelectExpression"){let u=e.iterable;o=this.evaluate(u.lhs,n),r=u.test}else o=this.evaluate(e.iterable,n);if(!(o instanceof W||o instanceof be))throw new Error(`Expected iterable or object type in for loop: got ${o.type}`);o instanceof be&&(o=o.keys());let s=[],i=[];for(let u=0;u<o.value.length;++u){let l=new Me(n),f=o.value[u],d;if(e.loopvar.type==="Identifier")d=p=>p.setVariable(e.loopvar.value,f);else if(e.loopvar.type==="TupleLiteral"){let p=e.loopvar;if(f.type!=="ArrayValue")throw new Error(`Cannot unpack non-iterable type: ${f.type}`);let h=f;if(p.value.length!==h.value.length)throw new Error(`Too ${p.value.length>h.value.length?"few":"many"} items to unpack`);d=m=>{for(let g=0;g<p.value.length;++g){if(p.value[g].type!=="Identifier")throw new Error(`Cannot unpack non-identifier type: ${p.value[g].type}`);m.setVariable(p.value[g].value,h.value[g])}}}else throw new Error(`Invalid loop variable(s): ${e.loopvar.type}`);r&&(d(l),!this.evaluate(r,l).__bool__().value)||(s.push(f),i.push(d))}let a="",c=!0;for(let u=0;u<s.length;++u){let l=new Map([["index",new j(u+1)],["index0",new j(u)],["revindex",new j(s.length-u)],["revindex0",new j(s.length-u-1)],["first",new P(u===0)],["last",new P(u===s.length-1)],["length",new j(s.length)],["previtem",u>0?s[u-1]:new X],["nextitem",u<s.length-1?s[u+1]:new X]]);n.setVariable("loop",new be(l)),i[u](n);try{let f=this.evaluateBlock(e.body,n);a+=f.value}catch(f){if(f instanceof Ff)continue;if(f instanceof Uf)break;throw f}c=!1}if(c){let u=this.evaluateBlock(e.defaultBlock,n);a+=u.value}return new N(a)}bindMacroArguments(e,t,n,r,o){let s=r.slice(),i=new Map;s.at(-1)instanceof Xt&&(i=new Map(s.pop().value));let a=[];for(let c=0;c<t.length;++c){let{name:u,defaultValue:l}=Ma(t[c]),f=s[c];f===void 0&&i.has(u)&&(f=i.get(u),i.delete(u)),f===void 0&&l!==void 0&&a.push([u,l]),o.setVariable(u,f??new X)}if(n.has("kwargs"))o.setVariable("kwargs",new be(i));else if(i.size>0)throw new Error(`macro ${e} takes no keyword argument '${i.keys().next().value}'`);if(n.has("varargs"))o.setVariable("varargs",new W(s.slice(t.length)));else if(s.length>t.length)throw new Error(`macro ${e} takes not more than ${t.length} argument(s)`);for(let[c,u]of a)o.setVariable(c,this.evaluate(u,o))}evaluateMacro(e,t){let n=Jf(e.args,e.body);return t.setVariable(e.name.value,new Y((r,o)=>{let s=new Me(o);return this.bindMacroArguments(`'${e.name.value}'`,e.args,n,r,s),this.evaluateBlock(e.body,s)})),new te}evaluateCallStatement(e,t){let n=e.callerArgs??[],r=Jf(n,e.body),o=new Y(u=>{let l=new Me(t);return this.bindMacroArguments("None",n,r,u,l),this.evaluateBlock(e.body,l)}),[s,i]=this.evaluateArguments(e.call.args,t);s.push(new Xt(i));let a=this.evaluate(e.call.callee,t);if(a.type!=="FunctionValue")throw new Error(`Cannot call something that is not a function: got ${a.type}`);let c=new Me(t);return c.setVariable("caller",o),a.value(s,c)}evaluateFilterStatement(e,t){let n=this.evaluateBlock(e.body,t);return this.applyFilter(n,e.filter,t)}evaluate(e,t){if(!e)return new X;switch(e.type){case"Program":return this.evalProgram(e,t);case"Set":return this.evaluateSet(e,t);case"If":return this.evaluateIf(e,t);case"For":return this.evaluateFor(e,t);case"Macro":return this.evaluateMacro(e,t);case"CallStatement":return this.evaluateCallStatement(e,t);case"Break":throw new Uf;case"Continue":throw new Ff;case"IntegerLiteral":return new j(e.value);case"FloatLiteral":return new K(e.value);case"StringLiteral":return new N(e.value);case"ArrayLiteral":return new W(e.value.map(n=>this.evaluate(n,t)));case"TupleLiteral":return new Gf(e.value.map(n=>this.evaluate(n,t)));case"ObjectLiteral":{let n=new Map;for(let[r,o]of e.value){let s=this.evaluate(r,t);if(!(s instanceof N))throw new Error(`Object keys must be strings: got ${s.type}`);n.set(s.value,this.evaluate(o,t))}return new be(n)}case"Identifier":return this.evaluateIdentifier(e,t);case"CallExpression":return this.evaluateCallExpression(e,t);case"MemberExpression":return this.evaluateMemberExpression(e,t);case"UnaryExpression":return this.evaluateUnaryExpression(e,t);case"BinaryExpression":return this.evaluateBinaryExpression(e,t);case"FilterExpression":return this.evaluateFilterExpression(e,t);case"FilterStatement":return this.evaluateFilterStatement(e,t);case"TestExpression":return this.evaluateTestExpression(e,t);case"SelectExpression":return this.evaluateSelectExpression(e,t);case"Ternary":return this.evaluateTernaryExpression(e,t);case"Comment":return new te;default:throw new SyntaxError(`Unknown node type: ${e.type}`)}}};function Jo(e){switch(typeof e){case"number":return Number.isInteger(e)?new j(e):new K(e);case"string":return new N(e);case"boolean":return new P(e);case"undefined":return new X;case"object":return e===null?new te:Array.isArray(e)?new W(e.map(Jo)):new be(new Map(Object.entries(e).map(([t,n])=>[t,Jo(n)])));case"function":return new Y((t,n)=>{let r=e(...t.map(o=>o.value))??null;return Jo(r)});default:throw new Error(`Cannot convert to runtime value: ${e}`)}}var M4=Object.freeze({CONDITIONAL:0,LOGICAL_OR:1,LOGICAL_AND:2,LOGICAL_NOT:3,COMPARISON:4,ADDITIVE:5,MULTIPLICATIVE:6,EXPONENTIATION:7,TEST:8,FILTER:9,UNARY_SIGN:10,ATOM:11});var ed=new Set(["replace","join","indent","tojson"]);function Ca(e,t,n){return typeof t?.value!="string"||typeof n?.value!="string"?e.length:e.length+(e.length/Math.max(1,t.value.length)+1)*n.value.length}function td(e,t,n,r,o){let{size:s,depth:i}=o.of(t),a=typeof t.value=="string"?t.value:"",c=l=>l===void 0?0:o.of(l).size,u=l=>typeof l?.value=="number"?Math.max(0,l.value):0;switch(e){case"replace":return Ca(a,n[0],n[1]);case"join":return s*(1+c(n[0]??r.get("separator")));case"indent":return s+a.split(`
`).length*u(n[0]??r.get("width"));default:return s*(1+i*u(r.get("indent"))+c(r.get("separators")))}}var Ke=class{value;type;constructor(t){this.value=t,this.type="Held"}};function ft(e,t){return new e.constructor(t)}var Qo=class{#e=new WeakMap;of(t){let n=t.value;if(typeof n=="string")return{size:1+n.length,work:1+(n.length>>4),depth:0};if(typeof n!="object"||n===null)return{size:1,work:1,depth:0};let r=this.#e.get(t);if(r!==void 0)return r;let o=1,s=1,i=0,a=u=>{if(u.type==="NamespaceValue")throw new F("it puts a namespace into a list, a dictionary or another namespace");let l=this.of(u);o+=l.size,s+=l.work,i=Math.max(i,l.depth+1)};if(n instanceof Map)for(let[u,l]of n)o+=u.length,a(l);else for(let u of n)a(u);if(i>200)throw new F(`it nests lists more than ${200} levels deep`);let c={size:o,work:s,depth:i};return t.type!=="NamespaceValue"&&this.#e.set(t,c),c}};var Br=class{ends;text;constructor(t){this.ends=t,this.text=""}},rb=new Set(["sort","dictsort"]),ob=new Set(["ArrayLiteral","TupleLiteral","ObjectLiteral","BinaryExpression","CallExpression","FilterExpression"]),Ia=4*1048576,Zo=class extends Zf{#e=2e6;#t=0;#n="";#r=new Qo;#o;#i;#s;constructor(t,n){super(t),this.#o=n.length,this.#i=n.includes("loop");let r=i=>super.evaluate(i,t),[o,s]=[r({type:"IntegerLiteral",value:1}),r({type:"StringLiteral",value:""})];this.#s={whole:o,truth:r({type:"UnaryExpression",operator:{value:"not"},argument:new Ke(o)}),none:super.evaluate(void 0,t),fields:r({type:"ObjectLiteral",value:new Map}),text:s}}spend(t){if(this.#e-=t,this.#e<0)throw new F(`it takes more than ${2e6} steps: it loops without end, or nearly so`)}evaluate(t,n){if(t==null)return super.evaluate(void 0,n);if(t instanceof Ke)return t.value;if(this.#t>=200)throw new F(`it nests more than ${200} levels deep: a macro may call itself without end`);this.spend(1);let r=this.#n;this.#n=t.type,this.#t++;try{let o=this.#c(t,n);return this.#y(o,t.type,r),o}finally{this.#t--,this.#n=r}}#c(t,n){let r=t;switch(t.type){case"Identifier":return this.#m(r.value,n);case"MemberExpression":return this.#g(r,n);case"FilterExpression":return this.#h(this.evaluate(r.operand,n),r.filter,n);case"FilterStatement":return this.#h(this.#p(this.#a(r.body,n)),r.filter,n);case"If":{let{value:o}=this.evaluate(r.test,n).__bool__();return this.#p(this.#a(o?r.body:r.alternate,n))}case"For":return this.#p(this.#u(r,n));case"BinaryExpression":if(r.operator.value==="*")return this.#w(r,n);break;case"Break":case"Continue":throw this.spend(25),new Br(t.type==="Break");case"Macro":case"CallStatement":this.spend(this.#o>>3);break}return super.evaluate(t,n)}#a(t,n){let r="";try{for(let o of t){let s=this.evaluate(o,n);typeof s.value=="object"&&s.value!==null&&this.spend(this.#r.of(s).work),s.type!=="NullValue"&&s.type!=="UndefinedValue"&&(r+=s.toString())}}catch(o){throw o instanceof Br&&(o.text=r+o.text),o}return r}#u({loopvar:t,iterable:n,body:r,defaultBlock:o},s){let i=new Me(s),a=n.type==="SelectExpression"?n:void 0,c=this.#d(this.evaluate(a?.lhs??n,i)),u=a===void 0?c:c.filter(f=>{let d=new Me(i);return this.#l(t,f,d),this.evaluate(a.test,d).__bool__().value});if(u.length===0)return this.#a(o,i);let l="";for(let[f,d]of u.entries()){this.#i&&i.setVariable("loop",this.#f(u,f)),this.#l(t,d,i);try{l+=this.#a(r,i)}catch(p){if(!(p instanceof Br))throw p;if(l+=p.text,p.ends)break}}return l}#f(t,n){let{whole:r,truth:o,none:s,fields:i}=this.#s,a=l=>ft(r,l),c=t.length-1,u=new Map([["index",a(n+1)],["index0",a(n)],["revindex",a(t.length-n)],["revindex0",a(c-n)],["first",ft(o,n===0)],["last",ft(o,n===c)],["length",a(t.length)],["previtem",t[n-1]??s],["nextitem",t[n+1]??s]]);return ft(i,u)}#d({type:t,value:n}){if(t==="UndefinedValue")return[];if(n instanceof Map)return this.spend(3*n.size),[...n.keys()].map(r=>this.#p(r));if(typeof n!="string"&&!Array.isArray(n))throw new F(`it goes through ${JSON.stringify(n)} as if it were a list`);return this.spend(3*n.length),typeof n=="string"?Array.from(n,r=>this.#p(r)):n}#l(t,n,r){let{type:o,value:s}=t;if(o==="Identifier")return void r.setVariable(s,n);let[i,a]=[s,n.value];if(o!=="TupleLiteral"||!Array.isArray(a)||a.length!==i.length)throw new F("it takes apart what has more or fewer parts");i.forEach((c,u)=>this.#l(c,a[u],r))}#p(t){return ft(this.#s.text,t)}#m(t,n){for(let r=n;r!==void 0;r=r.parent){let o=r.variables.get(t);if(o!==void 0)return o}return super.evaluate(void 0,n)}#g(t,n){let r=this.evaluate(t.object,n),o={...t,type:"MemberExpression",object:new Ke(r)},s=super.evaluate(o,n);return r.type!=="StringValue"||s.type!=="FunctionValue"?s:this.#_(r.value,sb(r,s),s)}#w(t,n){let r=this.evaluate(t.left,n),o=this.evaluate(t.right,n),[s,i]=r.type==="IntegerValue"?[o,r]:[r,o],{value:a}=s;if(i.type!=="IntegerValue"||s.type!=="StringValue"&&!Array.isArray(a))return super.evaluate({...t,type:"BinaryExpression",left:new Ke(r),right:new Ke(o)},n);let c=Math.max(0,i.value);return Dn(c*this.#r.of(s).size,Ia),ft(s,typeof a=="string"?a.repeat(c):Array.from({length:c},()=>a).flat())}#_(t,n,r){let o=r.value,s=i=>ft(r,(a,c)=>i(a)??o(a,c));return n==="replace"?s(([i,a])=>{Dn(Ca(t,i,a),Ia)}):n==="strip"||n==="lstrip"||n==="rstrip"?s(([i])=>{if(i?.type==="StringValue")return ft(i,ib(t,i.value,n))}):r}#h(t,n,r){let{callee:o,args:s}=n,i=(o??n).value,a=n;if(rb.has(i)&&this.spend(this.#r.of(t).size),s!==void 0&&ed.has(i)){let u=new Map,l=[],f=s.map(d=>{let{type:p,key:h,value:m}=d;if(p.includes("Spread"))throw new F(`the filter ${i} takes no * or ** here`);let g=this.evaluate(p==="KeywordArgumentExpression"?m:d,r);return p!=="KeywordArgumentExpression"?l.push(g):u.set(h.value,g),p==="KeywordArgumentExpression"?{type:p,key:h,value:new Ke(g)}:new Ke(g)});Dn(td(i,t,l,u,this.#r),Ia),a={...n,type:"CallExpression",callee:o,args:f}}let c={type:"FilterExpression",operand:new Ke(t),filter:a};return super.evaluate(c,r)}#y(t,n,r){if(t.type==="StringValue"){let{length:a}=t.value;Dn(a),this.spend(a>>4);return}if(typeof t.value!="object"||t.value===null||!ob.has(n)&&(r==="MemberExpression"||r==="For"))return;let{size:s,work:i}=this.#r.of(t);Dn(s),this.spend(i)}};function sb(e,t){for(let[n,r]of e.builtins)if(r===t)return n}function ib(e,t,n){let r=new Set(t),o=Array.from(e),s=0,i=o.length;if(n!=="rstrip")for(;s<i&&r.has(o[s]);)s++;if(n!=="lstrip")for(;i>s&&r.has(o[i-1]);)i--;return o.slice(s,i).join("")}var rd=["January","February","March","April","May","June","July","August","September","October","November","December"],od=["Sunday","Monday","Tuesday","Wednesday","Thursday","Friday","Saturday"];function sd(e,t){let n=c=>String(c).padStart(2,"0"),[r,o,s,i]=[e.getFullYear(),e.getMonth(),e.getDate(),e.getHours()],a={Y:()=>String(r),y:()=>n(r%100),m:()=>n(o+1),d:()=>n(s),e:()=>String(s).padStart(2," "),b:()=>rd[o].slice(0,3),B:()=>rd[o],a:()=>od[e.getDay()].slice(0,3),A:()=>od[e.getDay()],H:()=>n(i),I:()=>n(i%12===0?12:i%12),M:()=>n(e.getMinutes()),S:()=>n(e.getSeconds()),p:()=>i<12?"AM":"PM",j:()=>String(Math.round((Date.UTC(r,o,s)-Date.UTC(r,0,0))/864e5)).padStart(3,"0"),"%":()=>"%"};return t.replace(/%(.)/gs,(c,u)=>a[u]?.()??c)}var ad=1<<18,cd=512,ab=/\{%([-+]?)\s{0,99}(end)?generation\s{0,99}([-+]?)%\}/g,[ud,ld]=["generation_begins_","generation_ends_"];function fd(e,t){if(e.length>ad)throw new y(`${t}: expected a chat template of at most ${ad} characters, found ${e.length}`);let n=!1,r=e.replace(ab,(i,a,c,u)=>(n=!0,`{%${a} if true %}{{ ${c?ld:ud} }}{% endif ${u}%}`));if(new RegExp(`\\s{${cd}}`).test(r))throw new y(`${t}: expected a chat template, found a run of over ${cd} spaces or line feeds`);let o;try{o=Yf(Xf(r,{trim_blocks:!0,lstrip_blocks:!0}))}catch(i){throw new y(`${t}: expected a Jinja template, found an error in it: ${cb(i)}`)}let s=new Me;for(let[i,a]of Object.entries(ub))s.set(i,a);return{marksAnswers:n,render(i,{begin:a,end:c}){let u=new Me(s);for(let[f,d]of Object.entries({[ud]:a,[ld]:c,...i}))u.set(f,d);let l=new Zo(u,r);try{return String(l.run(o).value)}catch(f){if(f instanceof F)throw f;let{message:d}=f;throw new F(f instanceof RangeError?`it nests more than ${200} levels deep, or grows without end`:d)}}}}function cb(e){let{message:t}=e;return e instanceof RangeError?"it nests too deeply":e instanceof TypeError?"it ends inside a block or an expression":t}var ub={true:!0,True:!0,false:!1,False:!1,none:null,None:null,tools:null,documents:null,range:lb,raise_exception(e){throw new F(typeof e=="string"?e:"without a word")},strftime_now:e=>sd(new Date,String(e))};function lb(...e){if(e.length<1||e.length>3||!e.every(Number.isInteger))throw new F("range() takes one to three whole numbers");let[t,n,r=1]=e.length===1?[0,e[0]]:e;if(r===0)throw new F("range() takes a step other than 0");let o=Math.max(0,Math.ceil((n-t)/r));if(o>1e5)throw new F(`it asks for a range of ${o} numbers; at most ${1e5} are given`);return Array.from({length:o},(s,i)=>t+i*r)}var fb=Array.from({length:32},(e,t)=>String.fromCharCode(64976+t)),dd=/[\uFDD0-\uFDEF]/;function pd(e){let t=new Set;for(let s of e)if(dd.test(s))for(let i of s)dd.test(i)&&t.add(i);let[n,r,o]=fb.filter(s=>!t.has(s));if(o===void 0)throw new F("expected text, found most of Unicode's noncharacters in it");return{begin:n,end:r,literal:o}}function Ra(e,{begin:t,end:n,literal:r}){let o=e.split(new RegExp(`([${t}${n}${r}])`));if(o.length===1)return{text:e,literal:new Set,trained:[]};let s="",i=0,a=0,c=new Set,u=[];for(let l of o)if(l===t)a++===0&&(i=s.length);else if(l===n){if(--a===0&&s.length>i&&u.push([i,s.length]),a<0)break}else l===r?c.add(s.length):s+=l;if(a!==0)throw new F("it begins a {% generation %} block without ending it");return{text:s,literal:c,trained:u}}function hd(e,t,{asText:n,systemAsText:r=!1,escape:o}){let s=(l,f,d)=>{let p=f.map(o);if(n!==void 0)return{role:l,content:p.join(n+d)};let h=p.flatMap((m,g)=>[...g>0?[{type:"image"}]:[],...m!==""||p.length===1?[{type:"text",text:m}]:[]]);return{role:l,content:h}},i=zn(e),a=e.turns.some(l=>l.places!==void 0),{system:c}=e,u=c===void 0?[]:[r?{role:"system",content:o(c)}:s("system",[c],"")];for(let[l,{question:f,answer:d}]of e.turns.slice(0,t).entries())u.push(s("user",Fo(f,i[l]),a?"":`
`)),u.push(s("assistant",[d],""));return u}var es={id:"probe",task:"probe",file:"probe",images:[],turns:[{question:'Is "this" it?',answer:'Yes, "it" is.'}]};function md({template:e,tokenizer:t,names:n,image:r,notes:o=[]}){let s=fd(e.text,e.place),i=`the template in ${e.place}`,a=t.id(r.image);if(a===void 0)throw new y(`tokenizer.json: expected the image's token ${r.image}, found none. Bring back the files that came with the model`);let c=new RegExp([...new Set([...t.specials,r.image])].sort((C,q)=>q.length-C.length).map(C=>C.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")).join("|"),"gu"),u=n.get("bos_token"),l=Object.fromEntries(n),f,d=new Map,p=C=>Pr(r.perTile,C),h,m=!1,g=C=>{let q=`${C.rows} ${C.columns}`,I=d.get(q);if(I===void 0){if(I=t.encodeRendered({text:Ea(r,C),literal:new Set,trained:[]}).ids,I.filter(E=>E===a).length!==p(C)||t.special(I[0])===void 0&&I[0]!==a)throw new y(`tokenizer.json: expected the tokens that stand around an image's tiles, found them missing in ${JSON.stringify(Ea({...r,perTile:1},Le))}. Bring back the files that came with the model`);d.set(q,I)}return I},w=(C,q)=>{let I=C.turns.slice(0,q).flatMap(({question:A,answer:B})=>[A,B]),k=pd([e.text,C.system??"",...I]);return{messages:hd(C,q,{asText:h,systemAsText:m,escape:A=>A.replace(c,`${k.literal}$&`)}),marks:k}},_=(C,q,I)=>s.render({...l,messages:C,add_generation_prompt:q},I),b=(C,q)=>{let I=_(C,!1,q);if(s.marksAnswers){let B=C.filter(({role:ge})=>ge==="assistant").length,V=I.split(q.begin).length-1;if(V>=B)return I;throw new F(`its {% generation %} blocks mark ${V} stretches for ${B} answers: put one around every answer`)}let k=Rf(C,(B,V)=>_(B,V,q),q,c),E="",A=0;for(let[B,V]of k)E+=I.slice(A,B)+q.begin+I.slice(B,V)+q.end,A=V;return E+I.slice(A)},v=(C,q,I,k,{maxTokens:E})=>{if(k.length!==C.images.length)throw new RangeError(`${Ue(C)}: expected ${C.images.length} grids, found ${k.length}`);let{messages:A,marks:B}=w(C,q),V=Ra(I?_(A.slice(0,-1),!0,B):b(A,B),B);if(!I&&V.trained.length===0)throw new F("it writes none of the answers");let ge=t.encodeRendered(V),He=u!==void 0&&V.text.startsWith(u)&&!V.literal.has(0),pe=zn(C).slice(0,q).flat().length,We=ge.ids.reduce((_t,hn)=>_t+(hn===a?1:0),0);if(We!==pe)throw new F(We===0?`it writes no ${r.image}, so that the model would see none of its ${pe} images`:`expected a ${r.image} for each of its ${pe} images, found ${We}`);let zt=He?[]:[...t.around.before],gr=zt.map(()=>0),Dw=0;if(ge.ids.forEach((_t,hn)=>{let iu=_t===a?g(k[Dw++]):void 0;if(iu===void 0)zt.push(_t),gr.push(ge.mask[hn]||(_t===f&&ge.mask[hn-1]===1?1:0));else for(let Ww of iu)zt.push(Ww),gr.push(0)}),!I&&!He&&t.around.after.forEach((_t,hn)=>{gr.push(hn===0&&_t===f&&gr.at(-1)===1?1:0),zt.push(_t)}),zt.length>E)throw Bn(C,zt.length,qn({imageTokens:p},k.slice(0,pe)),E);return{ids:Int32Array.from(zt),mask:Uint8Array.from(gr),images:C.images.slice(0,pe)}},x=(C,q)=>{try{return q()}catch(I){throw I instanceof F?new y(`${C}: ${i} does not lay it out: ${I.message}`):I}},S=(C,q=!1)=>{try{let{messages:I,marks:k}=w(C,C.turns.length),{text:E}=Ra(_(q?I.slice(0,-1):I,q,k),k),A=[C.system,...C.turns.flatMap(({question:V,answer:ge})=>[V,ge])];q&&A.pop();let B=A.find(V=>V!==void 0&&!E.includes(V.trim()));return B===void 0?void 0:`it does not write ${JSON.stringify(B)} as it was said`}catch(I){if(I instanceof F)return I.message;throw I}},O=[...o],R=S(es);if(R!==void 0){if(h=r.image,S(es)!==void 0)throw new y(`${e.place}: expected a chat template for a question and an answer, found: ${R}`);O.push(`${i} takes texts alone: images are written into them as ${r.image}`)}let T,M=(C,q)=>{if(C.system===void 0||C.system.trim()==="")return;if(T===void 0){let E={...es,system:'Say "this" alone.'},A=()=>({prompt:S(E,!0),whole:S(E)}),B=He=>He.prompt!==void 0&&He.whole!==void 0,V=A();m=B(V);let ge=m?A():V;T=B(ge)?V:ge}let{prompt:I,whole:k}=T;if(q&&I!==void 0)throw new F(`what the system says: ${I}`);if(!(q||k===void 0))throw new F(I===void 0?`what the system says stands in prompts, but not in whole conversations, from which a model learns: ${k}. Take it out of the sample, or say it in a question`:`what the system says: ${k}`)},Z=x(e.place,()=>v(es,1,!1,[],{maxTokens:1/0})),ee=Z.mask.lastIndexOf(1),ot=t.special(Z.ids[ee])!==void 0,{after:Ce}=t.around,De=[Z.ids[ee],Z.ids[ee+1]].filter(C=>C!==void 0&&t.special(C)!==void 0),ue=De.find(C=>!Ce.includes(C))??De[0];return ot||(O.push(ue===void 0?$a(i):Ce.includes(ue)?`${i} writes no token that ends an answer: ${t.special(ue)}, which tokenizer.json puts after a whole conversation, is trained as the end of its last answer`:`${i} leaves ${t.special(ue)}, which ends an answer, out of its {% generation %} blocks: it is trained all the same, so that a tuned model stops`),f=ue),Ce.length>0&&f!==Ce[0]&&O.push("tokenizer.json puts tokens after a text: they end conversations, but not prompts, and are not trained"),g(Le),{name:i,imageId:a,stops:ue===void 0?[]:[ue],notes:O,imageTokens:p,encode:(C,q,I)=>x(Ue(C),()=>{let k=C.turns.findIndex(({answer:E})=>E.trim()==="");if(k>=0)throw Wo(C,k);return M(C,!1),v(C,C.turns.length,!1,q,I)}),promptOf(C,q,I,k){return Uo(C,q),x(Ue(C),()=>{M(C,!0);let{ids:E,images:A}=v(C,q+1,!0,I,k);return{ids:E,images:A}})}}}function gd(e,t,n,r){let o=Cf(e);if(o===void 0)return Nf(n,r);let s=If(e),i=t.image_token_id??t.image_token_index,a=n.id(s);if(typeof i=="number"&&a!==void 0&&a!==i)throw new y(`config.json: expected the id of ${s}, which is ${a} in tokenizer.json, found ${i} as the image's token. The files are of different models`);return md({template:o.template,tokenizer:n,names:Go(e),image:{family:String(t.model_type),image:s,perTile:r,names:Go(e)},notes:o.others.map(({place:c})=>`${c} holds another chat template, which is not heeded: ${o.template.place} comes first`)})}var db=class{constructor(e){this.trie=this._build_trie(e)}_build_trie(e){let t=Object.create(null);for(let n of e){let r=t;for(let o=0;o<n.length;++o){let s=n[o];r=r[s]??=Object.create(null)}r.end=n}return t}split(e){let t=[],n=e.length,r=0,o=0;for(;o<n;){let s=this.trie,i=null,a=o;for(;a<n&&(s=s[e[a]]);)s.end&&(i=s.end),++a;i?(o>r&&t.push(e.slice(r,o)),t.push(i),o+=i.length,r=o):++o}return r<n&&t.push(e.slice(r)),t}},wd=db,pb=class{constructor(e){this.content=e.content,this.id=e.id,this.single_word=e.single_word??!1,this.lstrip=e.lstrip??!1,this.rstrip=e.rstrip??!1,this.special=e.special??!1,this.normalized=e.normalized??!this.special}},hb=pb,Ad=(e,t)=>{try{return new RegExp(e,t)}catch(n){if(!(n instanceof SyntaxError))throw n;let r=new Map,o=e.replace(/(\\[pP])\{([^}=]+)\}/g,(s,i,a,c)=>{let u=0;for(let f=c-1;f>=0&&e[f]==="\\";--f)++u;if(u%2===1)return s;let l=r.get(a);if(l===void 0){try{new RegExp(`\\p{${a}}`,"u"),l=a}catch{l=`Script=${a}`}r.set(a,l)}return`${i}{${l}}`});if(o===e)throw n;try{return new RegExp(o,t)}catch{throw n}}},Pa=e=>e.replace(/ \./g,".").replace(/ \?/g,"?").replace(/ \!/g,"!").replace(/ ,/g,",").replace(/ \' /g,"'").replace(/ n't/g,"n't").replace(/ 'm/g,"'m").replace(/ 's/g,"'s").replace(/ 've/g,"'ve").replace(/ 're/g,"'re"),os=(e,t=!0)=>{if(e.Regex!==void 0){let n=Nb(Ob(e.Regex));return Ad(n,"gu")}else if(e.String!==void 0){let n=Cb(e.String);return new RegExp(t?n:`(${n})`,"gu")}else return console.warn("Unknown pattern type:",e),null},Fn="\\p{Alphabetic}\\p{M}\\p{Nd}\\p{Pc}",Od=`${Fn}\\u00B2\\u00B3\\u00B9\\u00BC-\\u00BE`,et=`[${Od}]`,Td=`[^${Od}]`,mb=`(?:(?<!${et})(?=${et})|(?<=${et})(?!${et}))`,gb=`(?:(?<!${et})(?!${et})|(?<=${et})(?=${et}))`,wb="(?:(?<![\\s\\S])|(?<=\\n))",_b="(?:(?=\\n)|(?![\\s\\S]))",zr="0-9A-Fa-f",yb=new Map([["A","(?<![\\s\\S])"],["z","(?![\\s\\S])"],["Z","(?=\\n?(?![\\s\\S]))"],["h",`[${zr}]`],["H",`[^${zr}]`],["w",et],["W",Td],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["b",mb],["B",gb],["a","\\x07"],["e","\\x1B"]]),bb=new Map([["h",zr],["w",Fn],["d","\\p{Nd}"],["D","\\P{Nd}"],["s","\\p{White_Space}"],["S","\\P{White_Space}"],["a","\\x07"],["e","\\x1B"]]),vb=new Map([["W",`[^${Fn}]`],["H",`[^${zr}]`]]),Md=new Map([[`
`,"\\n"],["\r","\\r"],["	","\\t"],["\f","\\f"],["\v","\\v"]]),xb=new Map([["alpha","\\p{Alphabetic}"],["alnum","\\p{Alphabetic}\\p{Nd}"],["digit","\\p{Nd}"],["lower","\\p{Lowercase}"],["upper","\\p{Uppercase}"],["space","\\p{White_Space}"],["blank","\\t\\p{Zs}"],["punct","\\p{P}\\p{S}"],["cntrl","\\p{Cc}"],["word",Fn],["xdigit",zr]]),Nd="^$\\.*+?()[]{}|/",kb=/^\(\?(?:<[=!]|<[A-Za-z_][A-Za-z0-9_]*>|[:=!>])/,Cd=/^\\([pPxu])\{([^}]*)\}/,$b=/^\{(\d+(?:,\d*)?|,\d+)\}/,Eb=/^\[:(\^?)(\p{Alphabetic}+):\]/u,Sb=/^\[:\^:\]/,Ab=/^\[(?:\.[^\]]*\.\]|=[^\]]*=\])/,Id=/^(?:\\x[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\c[A-Za-z])/,Rd=e=>e>="A"&&e<="Z"||e>="a"&&e<="z",ts=(e,t)=>String.fromCodePoint(e.codePointAt(t)),_d=e=>{if(!/^[0-9A-Fa-f]{1,8}$/.test(e))return null;let t=Number.parseInt(e,16);if(t>127)return null;let n=String.fromCharCode(t);return Rd(n)?`[${n.toLowerCase()}${n.toUpperCase()}]`:null},Ob=e=>e.replace(/\[\^\(\\s\|\[([^\]]+)\]\)\]/g,"[^()|\\s$1]"),Ld="[\\s\\S]",yd=256,bd=()=>({fragment:"",alternatives:[],tail:null,contains_complex_set:!1}),ja=e=>{throw new SyntaxError(`Unsupported range with a set-valued character-class operand at index ${e}`)},ns=(e,t,n,r=!0)=>{e.tail==="range"&&ja(n),e.alternatives.push(t),e.tail="set",e.contains_complex_set=e.contains_complex_set||r},Nt=(e,t,n=!1,r=-1)=>{if(n&&e.tail==="range"&&ja(r),e.tail==="range"){e.fragment+=t,e.tail="complete_range";return}e.fragment+=t,e.tail=n?"set":"scalar",e.contains_complex_set=e.contains_complex_set||n},Tb=(e,t,n)=>{let r=Cd.exec(e.slice(t));if(r){let[d,p,h]=r;if(p==="P"&&h==="Word")ns(n,`[^${Fn}]`,t);else{let m=p==="x"?`\\u{${h}}`:p==="p"&&h==="Word"?Fn:d;Nt(n,m,p==="p"||p==="P",t)}return t+d.length}let o=Id.exec(e.slice(t));if(o)return Nt(n,o[0]),t+o[0].length;if(t+1>=e.length)throw new SyntaxError(`Unterminated escape in character class at index ${t}`);let s=ts(e,t+1),i=t+1+s.length,a=Md.get(s);if(a!==void 0)return Nt(n,a),i;let c=vb.get(s);if(c!==void 0)return ns(n,c,t),i;let u=bb.get(s),l,f=!1;return u!==void 0?(l=u,f=s!=="a"&&s!=="e"):/[A-Za-z0-9]/.test(s)?l=`\\${s}`:Nd.includes(s)||s==="-"?l=`\\${s}`:l=s,Nt(n,l,f,t),i},Pd=e=>e.length===1?e[0]:`(?:(?=(?:${e.join("|")}))${Ld})`,vd=e=>{let t=e.fragment.length===0?e.alternatives:[`[${e.fragment}]`,...e.alternatives];return Pd(t)},Mb=e=>{let t=Ad(`^(?:${e})$`,"u"),n="";for(let r=0;r<26;++r){let o=String.fromCharCode(65+r),s=String.fromCharCode(97+r),i=t.test(o),a=t.test(s);i!==a&&(n+=i?s:o)}return n},jd=(e,t,n,r=!0,o=1)=>{if(o>yd)throw new SyntaxError(`Maximum character-class nesting depth of ${yd} exceeded at index ${t}`);let s=t+1,i=e[s]==="^";i&&++s;let a=s,c=[bd()],u=c[0],l=!1;for(;s<e.length;){let f=ts(e,s);if(f==="\\"){s=Tb(e,s,u);continue}if(f==="]"){if(s===a){Nt(u,"\\]"),++s;continue}if(u.tail===null)throw c.length>1?new SyntaxError(`Malformed character-class intersection with an empty operand at index ${s}`):new SyntaxError(`Empty character class at index ${t}`);let d=c.some(_=>_.contains_complex_set);if(i&&c.length>1&&l)throw new SyntaxError(`Unsupported outer-negated character-class intersection with a nested negated class containing a Unicode property, POSIX class, or shorthand at index ${t}`);let p=vd(c[0]),h=p;if(c.length>1){let _="";for(let b=1;b<c.length;++b)_+=`(?=${vd(c[b])})`;h=`(?:${_}${p})`}let m=c.length===1&&u.alternatives.length===0,g=u.fragment;if(n&&r){let _=Mb(h);_.length>0&&(m?(g+=_,h=`[${g}]`):h=Pd([h,`[${_}]`]))}return{atom:i?m?`[^${g}]`:`(?:(?!${h})${Ld})`:h,end:s+1,negated:i,contains_complex_set:d,contains_nested_negated_complex_set:l}}if(e.startsWith("&&",s)){if(u.tail===null)throw new SyntaxError(`Malformed character-class intersection with an empty operand at index ${s}`);u=bd(),c.push(u),s+=2;continue}if(f==="["){let d=e.slice(s);if(Sb.test(d))throw new SyntaxError(`Malformed empty negated POSIX character class at index ${s}`);let p=Eb.exec(d);if(p){let[,m,g]=p,w=xb.get(g);if(w===void 0)throw new SyntaxError(`Unsupported POSIX character class "${g}" at index ${s}`);if(n&&m&&(g==="lower"||g==="upper"))throw new SyntaxError(`Unsupported negated POSIX ${g} class inside an inline case-insensitive group`);m?ns(u,`[^${w}]`,s):Nt(u,w,!0,s),s+=p[0].length;continue}if(Ab.test(d))throw new SyntaxError(`Unsupported POSIX collating or equivalence bracket expression at index ${s}`);let h=jd(e,s,n,!1,o+1);ns(u,h.atom,s,h.contains_complex_set),l||=h.contains_nested_negated_complex_set||h.negated&&h.contains_complex_set,s=h.end;continue}if(f==="-"){let d=e[s+1]==="]"||e.startsWith("&&",s+1);u.tail==="set"&&!d&&ja(s),u.tail===null||u.tail==="range"||u.tail==="complete_range"||d?Nt(u,"\\-"):(u.fragment+="-",u.tail="range"),++s;continue}Nt(u,f==="^"&&u.fragment.length===0?"\\^":f),s+=f.length}throw new SyntaxError(`${c.length>1?"Unterminated character-class intersection":"Unterminated character class"} at index ${t}`)},Nb=e=>{let t="",n=-1,r=!1,o=!1,s=[],i=a=>{n=t.length,t+=a,r=!1};for(let a=0;a<e.length;){let c=ts(e,a);if(c==="\\"){let u=Cd.exec(e.slice(a));if(u){let[m,g,w]=u,_=m;if(g==="x"){let b=`\\u{${w}}`;_=o?_d(w)??b:b}else w==="Word"&&(_=g==="p"?et:Td);i(_),a+=m.length;continue}let l=Id.exec(e.slice(a));if(l){let m=l[0],g=o&&m[1]!=="c"?_d(m.slice(2))??m:m;i(g),a+=m.length;continue}if(a+1>=e.length){t+=c;break}let f=ts(e,a+1);if(a+=1+f.length,f==="G")continue;let d=Md.get(f);if(d!==void 0){i(d);continue}let p=yb.get(f),h;p!==void 0?h=p:/[A-Za-z0-9]/.test(f)?h=`\\${f}`:Nd.includes(f)?h=`\\${f}`:h=f,i(h);continue}switch(c){case"[":{let u=jd(e,a,o);i(u.atom),a=u.end;continue}case"]":i("\\]"),++a;continue;case".":i("[^\\n]"),++a;continue;case"^":i(wb),++a;continue;case"$":i(_b),++a;continue;case"(":{let u=e.startsWith("(?i:",a),l=u?"(?i:":kb.exec(e.slice(a))?.[0]??"(",f=u||l==="(?>"?"(?:":l;s.push([t.length,o]),u&&(o=!0),t+=f,r=!1,a+=l.length;continue}case")":t+=c,[n,o]=s.pop()??[-1,!1],r=!1,++a;continue;case"|":t+=c,n=-1,r=!1,++a;continue;case"{":{let u=$b.exec(e.slice(a));if(!u||n<0){i("\\{"),++a;continue}let l=u[1].startsWith(",")?`0${u[1]}`:u[1];a+=u[0].length;let f=e[a];f==="+"||f==="*"?(t=`${t.slice(0,n)}(?:${t.slice(n)}{${l}})${f}`,++a):t+=`{${l}}`,r=!0;continue}case"}":i("\\}"),++a;continue;case"+":if(r){++a;continue}t+=c,r=!0,++a;continue;case"*":case"?":t+=c,r=!0,++a;continue;default:i(o&&Rd(c)?`[${c.toLowerCase()}${c.toUpperCase()}]`:c),a+=c.length;continue}}return t},Cb=e=>e.replace(/[.*+?^${}()|[\]\\]/g,"\\$&"),Ib=(e,t,n)=>{let r=[],o=0;for(;o<e.length;){if(r.push(e[o]),(t.get(e[o])??n)!==n){++o;continue}for(;++o<e.length&&(t.get(e[o])??n)===n;)t.get(r.at(-1))!==n&&(r[r.length-1]+=e[o])}return r},Rb=e=>e>=19968&&e<=40959||e>=13312&&e<=19903||e>=131072&&e<=173791||e>=173824&&e<=177983||e>=177984&&e<=178207||e>=178208&&e<=183983||e>=63744&&e<=64255||e>=194560&&e<=195103,Lb=e=>Number.isInteger(e)||typeof e=="bigint",Pb=e=>{let t=0;for(let n of e)++t;return t},jb=e=>Bd(e.toLowerCase()),Ge=(...e)=>Array.prototype.concat.apply([],e),Ba=e=>new Map(Object.entries(e)),Bb=(e,t)=>{let n=[],r=0;for(let o of e.matchAll(t)){let s=o[0];r<o.index&&n.push(e.slice(r,o.index)),s.length>0&&n.push(s),r=o.index+s.length}return r<e.length&&n.push(e.slice(r)),n},Bd=e=>e.replace(/\p{M}/gu,""),xd=(e,t,n=[])=>{if(!e||Array.isArray(e)||typeof e!="object")return`${t} must be a valid object`;for(let r of n)if(!(r in e))return`${t} must contain a "${r}" property`;return null},zb=e=>e.match(/\S+/g)||[],qb=class{constructor(){let e=function(...t){return e._call(...t)};return Object.setPrototypeOf(e,new.target.prototype)}},qr=qb,Db=class extends qr{constructor(e){super(),this.config=e}_call(e){return this.normalize(e)}},dt=Db,Wb=class extends dt{tokenize_chinese_chars(e){let t=[];for(let n=0;n<e.length;++n){let r=e[n],o=r.charCodeAt(0);Rb(o)?(t.push(" "),t.push(r),t.push(" ")):t.push(r)}return t.join("")}strip_accents(e){return e.normalize("NFD").replace(/\p{Mn}/gu,"")}is_control(e){switch(e){case"	":case`
`:case"\r":return!1;default:return/^\p{Cc}|\p{Cf}|\p{Co}|\p{Cs}$/u.test(e)}}clean_text(e){let t=[];for(let n of e){let r=n.charCodeAt(0);r===0||r===65533||this.is_control(n)||(/^\s$/.test(n)?t.push(" "):t.push(n))}return t.join("")}normalize(e){return this.config.clean_text&&(e=this.clean_text(e)),this.config.handle_chinese_chars&&(e=this.tokenize_chinese_chars(e)),this.config.lowercase?(e=e.toLowerCase(),this.config.strip_accents!==!1&&(e=this.strip_accents(e))):this.config.strip_accents&&(e=this.strip_accents(e)),e}},Ub=Wb,Fb=class extends dt{constructor(e){super(e),this.charsmap=e.precompiled_charsmap??null}normalize(e){return e=e.replace(/[\u0001-\u0008\u000B\u000E-\u001F\u007F\u008F\u009F]/gm,""),e=e.replace(/[\u0009\u000A\u000C\u000D\u00A0\u1680\u2000-\u200F\u2028\u2029\u202F\u205F\u2581\u3000\uFEFF\uFFFD]/gm," "),e.includes("\uFF5E")?e=e.split("\uFF5E").map(n=>n.normalize("NFKC")).join("\uFF5E"):e=e.normalize("NFKC"),e}},Kb=Fb,Gb=class extends dt{constructor(e){super(e),this.normalizers=(e.normalizers??[]).map(t=>zd(t))}normalize(e){return this.normalizers.reduce((t,n)=>n?n.normalize(t):t,e)}},Vb=Gb,Hb=class extends dt{constructor(e){super(e),this.pattern=os(this.config.pattern??{})}normalize(e){return this.pattern===null?e:e.replaceAll(this.pattern,this.config.content??"")}},Jb=Hb,Xb=class extends dt{constructor(){super(...arguments),this.form="NFC"}normalize(e){return e=e.normalize(this.form),e}},ss=Xb,Yb=class extends ss{constructor(){super(...arguments),this.form="NFC"}},Qb=Yb,Zb=class extends ss{constructor(){super(...arguments),this.form="NFD"}},ev=Zb,tv=class extends ss{constructor(){super(...arguments),this.form="NFKC"}},nv=tv,rv=class extends ss{constructor(){super(...arguments),this.form="NFKD"}},ov=rv,sv=class extends dt{normalize(e){return this.config.strip_left&&this.config.strip_right?e=e.trim():(this.config.strip_left&&(e=e.trimStart()),this.config.strip_right&&(e=e.trimEnd())),e}},iv=sv,av=class extends dt{normalize(e){return Bd(e)}},cv=av,uv=class extends dt{normalize(e){return e.toLowerCase()}},lv=uv,fv=class extends dt{normalize(e){return e=this.config.prepend+e,e}},dv=fv;function pv(e){if(e===null)return null;switch(e.type){case"BertNormalizer":return new Ub(e);case"Precompiled":return new Kb(e);case"Sequence":return new Vb(e);case"Replace":return new Jb(e);case"NFC":return new Qb(e);case"NFD":return new ev(e);case"NFKC":return new nv(e);case"NFKD":return new ov(e);case"Strip":return new iv(e);case"StripAccents":return new cv(e);case"Lowercase":return new lv(e);case"Prepend":return new dv(e);default:throw new Error(`Unknown Normalizer type: ${e.type}`)}}var zd=pv,hv=class extends qr{pre_tokenize(e,t){return(Array.isArray(e)?e.map(n=>this.pre_tokenize_text(n,t)):this.pre_tokenize_text(e,t)).flat()}_call(e,t){return this.pre_tokenize(e,t)}},Ve=hv,qd=(()=>{let e=[...Array.from({length:94},(o,s)=>s+33),...Array.from({length:12},(o,s)=>s+161),...Array.from({length:82},(o,s)=>s+174)],t=e.slice(),n=0;for(let o=0;o<256;++o)e.includes(o)||(e.push(o),t.push(256+n),n+=1);let r=t.map(o=>String.fromCharCode(o));return Object.fromEntries(e.map((o,s)=>[o,r[s]]))})(),mv=e=>Object.fromEntries(Object.entries(e).map(([t,n])=>[n,t])),gv=mv(qd),rs="\\p{P}\\u0021-\\u002F\\u003A-\\u0040\\u005B-\\u0060\\u007B-\\u007E",wv=class extends Ve{constructor(e){super(),this.config=e,this.add_prefix_space=this.config.add_prefix_space??!1,this.trim_offsets=this.config.trim_offsets??!1,this.use_regex=this.config.use_regex??!0,this.pattern=/'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+/gu,this.byte_encoder=qd,this.text_encoder=new TextEncoder}pre_tokenize_text(e,t){return this.add_prefix_space&&!e.startsWith(" ")&&(e=" "+e),(this.use_regex?e.match(this.pattern)||[]:[e]).map(r=>Array.from(this.text_encoder.encode(r),o=>this.byte_encoder[o]).join(""))}},_v=wv,yv=class extends Ve{pre_tokenize_text(e,t){return e.match(/\w+|[^\w\s]+/g)||[]}},bv=yv,vv=class extends Ve{constructor(e){super(),this.replacement=e.replacement??"\u2581",this.str_rep=e.str_rep||this.replacement,this.prepend_scheme=e.prepend_scheme??"always"}pre_tokenize_text(e,t){let{section_index:n=void 0}=t??{},r=e.replaceAll(" ",this.str_rep);return!r.startsWith(this.replacement)&&(this.prepend_scheme==="always"||this.prepend_scheme==="first"&&n===0)&&(r=this.str_rep+r),[r]}},xv=vv,kv=class extends Ve{constructor(e){super(),this.config=e,this.pattern=os(this.config.pattern??{},this.config.invert??!0)}pre_tokenize_text(e){return this.pattern===null?[]:this.config.invert?(e.match(this.pattern)||[]).filter(t=>t):this.config.behavior?.toLowerCase()==="removed"?e.split(this.pattern).filter(t=>t):Bb(e,this.pattern)}},$v=kv,Ev=class extends Ve{constructor(e){super(),this.config=e,this.pattern=new RegExp(`[^${rs}]+|[${rs}]+`,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},Sv=Ev,Av=class extends Ve{constructor(e){super(),this.config=e;let t=`[^\\d]+|\\d${this.config.individual_digits?"":"+"}`;this.pattern=new RegExp(t,"gu")}pre_tokenize_text(e){return e.match(this.pattern)||[]}},Ov=Av,Tv=class extends Ve{constructor(){super(),this.pattern=new RegExp(`[^\\s${rs}]+|[${rs}]`,"gu")}pre_tokenize_text(e,t){return e.trim().match(this.pattern)||[]}},Mv=Tv,Nv=class extends Ve{constructor(e){super(),this.config=e,this.pattern=os(this.config.pattern??{}),this.content=this.config.content??""}pre_tokenize_text(e){return this.pattern===null?[e]:[e.replaceAll(this.pattern,this.config.content??"")]}},Cv=Nv,Iv=class extends Ve{constructor(e){super(),this.tokenizers=(e.pretokenizers??[]).map(t=>Dd(t))}pre_tokenize_text(e,t){return this.tokenizers.reduce((n,r)=>r?r.pre_tokenize(n,t):n,[e])}},Rv=Iv,Lv=class extends Ve{pre_tokenize_text(e){return zb(e)}},Pv=Lv,jv=class extends Ve{constructor(e){super(),this.config=e,this._length=e.length}pre_tokenize_text(e){let t=[];for(let n=0;n<e.length;n+=this._length)t.push(e.slice(n,n+this._length));return t}},Bv=jv;function zv(e){if(e===null)return null;switch(e.type){case"BertPreTokenizer":return new Mv;case"Sequence":return new Rv(e);case"Whitespace":return new bv;case"WhitespaceSplit":return new Pv;case"Metaspace":return new xv(e);case"ByteLevel":return new _v(e);case"Split":return new $v(e);case"Punctuation":return new Sv(e);case"Digits":return new Ov(e);case"Replace":return new Cv(e);case"FixedLength":return new Bv(e);default:throw new Error(`Unknown PreTokenizer type: ${e.type}`)}}var Dd=zv,qv=class extends qr{constructor(e){super(),this.config=e,this.vocab=[],this.tokens_to_ids=new Map,this.unk_token_id=void 0,this.unk_token=void 0,this.end_of_word_suffix=void 0,this.fuse_unk=this.config.fuse_unk??!1}_call(e){let t=this.encode(e);return this.fuse_unk&&(t=Ib(t,this.tokens_to_ids,this.unk_token_id)),t}},is=qv,Dv=class extends is{constructor(e){super(e),this.max_input_chars_per_word=100,this.tokens_to_ids=Ba(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.max_input_chars_per_word=e.max_input_chars_per_word??100,this.vocab=new Array(this.tokens_to_ids.size);for(let[t,n]of this.tokens_to_ids)this.vocab[n]=t}encode(e){let t=[];for(let n of e){let r=[...n];if(r.length>this.max_input_chars_per_word){t.push(this.unk_token);continue}let o=!1,s=0,i=[];for(;s<r.length;){let a=r.length,c=null;for(;s<a;){let u=r.slice(s,a).join("");if(s>0&&(u=this.config.continuing_subword_prefix+u),this.tokens_to_ids.has(u)){c=u;break}--a}if(c===null){o=!0;break}i.push(c),s=a}o?t.push(this.unk_token):t.push(...i)}return t}},kd=Dv,$d=class Wd{constructor(t,n){this.is_leaf=t,this.children=n}static default(){return new Wd(!1,new Map)}},Wv=class{constructor(){this.root=$d.default()}extend(e){for(let t of e)this.push(t)}push(e){let t=this.root;for(let n of e){let r=t.children.get(n);r===void 0&&(r=$d.default(),t.children.set(n,r)),t=r}t.is_leaf=!0}*common_prefix_search(e,t=0){let n=this.root;if(n===void 0)return;let r="";for(let o=t;o<e.length;++o){let s=e[o];if(r+=s,n=n.children.get(s),n===void 0)return;n.is_leaf&&(yield r)}}},Uv=Wv,La=class Ud{constructor(t,n,r,o,s){this.token_id=t,this.node_id=n,this.pos=r,this.length=o,this.score=s,this.prev=null,this.backtrace_score=0}clone(){let t=new Ud(this.token_id,this.node_id,this.pos,this.length,this.score);return t.prev=this.prev,t.backtrace_score=this.backtrace_score,t}},Fv=class{constructor(e,t,n){this.chars=Array.from(e),this.len=this.chars.length,this.bos_token_id=t,this.eos_token_id=n,this.nodes=[],this.begin_nodes=Array.from({length:this.len+1},()=>[]),this.end_nodes=Array.from({length:this.len+1},()=>[]);let r=new La(this.bos_token_id??0,0,0,0,0),o=new La(this.eos_token_id??0,1,this.len,0,0);this.nodes.push(r.clone()),this.nodes.push(o.clone()),this.begin_nodes[this.len].push(o),this.end_nodes[0].push(r)}insert(e,t,n,r){let o=this.nodes.length,s=new La(r,o,e,t,n);this.begin_nodes[e].push(s),this.end_nodes[e+t].push(s),this.nodes.push(s)}viterbi(){let e=this.len,t=0;for(;t<=e;){if(this.begin_nodes[t].length==0)return[];for(let i of this.begin_nodes[t]){i.prev=null;let a=0,c=null;for(let u of this.end_nodes[t]){let l=u.backtrace_score+i.score;(c===null||l>a)&&(c=u.clone(),a=l)}if(c!==null)i.prev=c,i.backtrace_score=a;else return[]}++t}let n=[],o=this.begin_nodes[e][0].prev;if(o===null)return[];let s=o.clone();for(;s.prev!==null;)n.push(s.clone()),s=s.clone().prev.clone();return n.reverse(),n}piece(e){return this.chars.slice(e.pos,e.pos+e.length).join("")}tokens(){return this.viterbi().map(t=>this.piece(t))}token_ids(){return this.viterbi().map(t=>t.token_id)}},Kv=Fv;function Gv(e){if(e.length===0)throw new Error("Array must not be empty");let t=e[0],n=0;for(let r=1;r<e.length;++r)e[r]<t&&(t=e[r],n=r);return[t,n]}var Vv=class extends is{constructor(e,t){super(e);let n=e.vocab.length;this.vocab=new Array(n),this.scores=new Array(n);for(let r=0;r<n;++r)[this.vocab[r],this.scores[r]]=e.vocab[r];this.unk_token_id=e.unk_id,this.unk_token=this.vocab[e.unk_id],this.tokens_to_ids=new Map(this.vocab.map((r,o)=>[r,o])),this.bos_token=" ",this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.unk_token=this.vocab[this.unk_token_id],this.min_score=Gv(this.scores)[0],this.unk_score=this.min_score-10,this.scores[this.unk_token_id]=this.unk_score,this.trie=new Uv,this.trie.extend(this.vocab),this.fuse_unk=!0}populate_nodes(e){let t=e.chars,n=1,r=0;for(;r<t.length;){let o=!1,s=this.trie.common_prefix_search(t,r);for(let i of s){let a=this.tokens_to_ids.get(i),c=this.scores[a],u=Pb(i);e.insert(r,u,c,a),!o&&u===n&&(o=!0)}o||e.insert(r,n,this.unk_score,this.unk_token_id),r+=n}}tokenize(e){let t=new Kv(e,this.bos_token_id,this.eos_token_id);return this.populate_nodes(t),t.tokens()}encode(e){let t=[];for(let n of e){let r=this.tokenize(n);t.push(...r)}return t}},Ed=Vv,Hv=class{constructor(e=(n,r)=>n>r,t=1/0){this._heap=[],this._comparator=e,this._max_size=t}get size(){return this._heap.length}is_empty(){return this.size===0}peek(){return this._heap[0]}push(...e){return this.extend(e)}extend(e){for(let t of e)if(this.size<this._max_size)this._heap.push(t),this._sift_up();else{let n=this._smallest();this._comparator(t,this._heap[n])&&(this._heap[n]=t,this._sift_up_from(n))}return this.size}pop(){let e=this.peek(),t=this.size-1;return t>0&&this._swap(0,t),this._heap.pop(),this._sift_down(),e}replace(e){let t=this.peek();return this._heap[0]=e,this._sift_down(),t}_parent(e){return(e+1>>>1)-1}_left(e){return(e<<1)+1}_right(e){return e+1<<1}_greater(e,t){return this._comparator(this._heap[e],this._heap[t])}_swap(e,t){let n=this._heap[e];this._heap[e]=this._heap[t],this._heap[t]=n}_sift_up(){this._sift_up_from(this.size-1)}_sift_up_from(e){for(;e>0&&this._greater(e,this._parent(e));)this._swap(e,this._parent(e)),e=this._parent(e)}_sift_down(){let e=0;for(;this._left(e)<this.size&&this._greater(this._left(e),e)||this._right(e)<this.size&&this._greater(this._right(e),e);){let t=this._right(e)<this.size&&this._greater(this._right(e),this._left(e))?this._right(e):this._left(e);this._swap(e,t),e=t}}_smallest(){return 2**Math.floor(Math.log2(this.size))-1}},Jv=Hv,Xv=class{constructor(e){this.capacity=e,this.cache=new Map}get(e){if(!this.cache.has(e))return;let t=this.cache.get(e);return this.cache.delete(e),this.cache.set(e,t),t}put(e,t){this.cache.has(e)&&this.cache.delete(e),this.cache.set(e,t),this.cache.size>this.capacity&&this.cache.delete(this.cache.keys().next().value)}clear(){this.cache.clear()}},Yv=Xv,Qv=class extends is{constructor(e){super(e),this.tokens_to_ids=Ba(e.vocab),this.unk_token_id=this.tokens_to_ids.get(e.unk_token),this.unk_token=e.unk_token,this.vocab=new Array(this.tokens_to_ids.size);for(let[n,r]of this.tokens_to_ids)this.vocab[r]=n;let t=Array.isArray(e.merges[0]);this.merges=t?e.merges:e.merges.map(n=>n.split(" ",2)),this.bpe_ranks=new Map(this.merges.map((n,r)=>[JSON.stringify(n),r])),this.end_of_word_suffix=e.end_of_word_suffix,this.continuing_subword_suffix=e.continuing_subword_suffix??null,this.byte_fallback=this.config.byte_fallback??!1,this.byte_fallback&&(this.text_encoder=new TextEncoder),this.ignore_merges=this.config.ignore_merges??!1,this.max_length_to_cache=256,this.cache_capacity=1e4,this.cache=new Yv(this.cache_capacity)}clear_cache(){this.cache.clear()}bpe(e){if(e.length===0)return[];let t=this.cache.get(e);if(t!==void 0)return t;let n=Array.from(e);this.end_of_word_suffix&&(n[n.length-1]+=this.end_of_word_suffix);let r=[];if(n.length>1){let o=new Jv((a,c)=>a.score<c.score),s={token:n[0],bias:0,prev:null,next:null},i=s;for(let a=1;a<n.length;++a){let c={bias:a/n.length,token:n[a],prev:i,next:null};i.next=c,this.add_node(o,i),i=c}for(;!o.is_empty();){let a=o.pop();if(a.deleted||!a.next||a.next.deleted)continue;if(a.deleted=!0,a.next.deleted=!0,a.prev){let u={...a.prev};a.prev.deleted=!0,a.prev=u,u.prev?u.prev.next=u:s=u}let c={token:a.token+a.next.token,bias:a.bias,prev:a.prev,next:a.next.next};c.prev?(c.prev.next=c,this.add_node(o,c.prev)):s=c,c.next&&(c.next.prev=c,this.add_node(o,c))}for(let a=s;a!==null;a=a.next)r.push(a.token)}else r=n;if(this.continuing_subword_suffix)for(let o=0;o<r.length-1;++o)r[o]+=this.continuing_subword_suffix;return e.length<this.max_length_to_cache&&this.cache.put(e,r),r}add_node(e,t){let n=this.bpe_ranks.get(JSON.stringify([t.token,t.next.token]));n!==void 0&&(t.score=n+t.bias,e.push(t))}encode(e){let t=[];for(let n of e){if(this.ignore_merges&&this.tokens_to_ids.has(n)){t.push(n);continue}let r=this.bpe(n);for(let o of r)if(this.tokens_to_ids.has(o))t.push(o);else if(this.byte_fallback){let s=Array.from(this.text_encoder.encode(o)).map(i=>`<0x${i.toString(16).toUpperCase().padStart(2,"0")}>`);s.every(i=>this.tokens_to_ids.has(i))?t.push(...s):this.unk_token!=null&&t.push(this.unk_token)}else this.unk_token!=null&&t.push(this.unk_token)}return t}},Sd=Qv,Zv=class extends is{constructor(e,t){super(e);let n=e.vocab;this.tokens_to_ids=Ba(t.target_lang?n[t.target_lang]:n),this.bos_token=t.bos_token,this.bos_token_id=this.tokens_to_ids.get(this.bos_token),this.eos_token=t.eos_token,this.eos_token_id=this.tokens_to_ids.get(this.eos_token),this.pad_token=t.pad_token,this.pad_token_id=this.tokens_to_ids.get(this.pad_token),this.unk_token=t.unk_token,this.unk_token_id=this.tokens_to_ids.get(this.unk_token),this.vocab=new Array(this.tokens_to_ids.size);for(let[r,o]of this.tokens_to_ids)this.vocab[o]=r}encode(e){return e}},ex=Zv;function tx(e,t){switch(e.type){case"WordPiece":return new kd(e);case"Unigram":return new Ed(e,t.eos_token);case"BPE":return new Sd(e);default:if(e.vocab)return Array.isArray(e.vocab)?new Ed(e,t.eos_token):Object.hasOwn(e,"continuing_subword_prefix")&&Object.hasOwn(e,"unk_token")?Object.hasOwn(e,"merges")?new Sd(e):new kd(e):new ex(e,{target_lang:t.target_lang,bos_token:t.bos_token,eos_token:t.eos_token,pad_token:t.pad_token,unk_token:t.unk_token});throw new Error(`Unknown TokenizerModel type: ${e?.type}`)}}var nx=tx,rx=class extends qr{constructor(e){super(),this.config=e}_call(e,...t){return this.post_process(e,...t)}},Dr=rx,ox=class extends Dr{post_process(e,t=null,n=!0){let r=t===null?this.config.single:this.config.pair,o=[],s=[];for(let i of r)"SpecialToken"in i?n&&(o.push(i.SpecialToken.id),s.push(i.SpecialToken.type_id)):"Sequence"in i&&(i.Sequence.id==="A"?(o=Ge(o,e),s=Ge(s,new Array(e.length).fill(i.Sequence.type_id))):i.Sequence.id==="B"&&(o=Ge(o,t),s=Ge(s,new Array(t.length).fill(i.Sequence.type_id))));return{tokens:o,token_type_ids:s}}},sx=ox,ix=class extends Dr{post_process(e,t=null){return{tokens:e,tokens_pair:t}}},ax=ix,cx=class extends Dr{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t=null,n=!0){n&&(e=Ge([this.cls[0]],e,[this.sep[0]]));let r=new Array(e.length).fill(0);if(t){let o=[],s=n?[this.sep[0]]:[];e=Ge(e,o,t,s),r=Ge(r,new Array(t.length+o.length+s.length).fill(1))}return{tokens:e,token_type_ids:r}}},ux=cx,lx=class extends Dr{constructor(e){super(e),this.sep=e.sep,this.cls=e.cls}post_process(e,t,n=!0){n&&(e=Ge([this.cls[0]],e,[this.sep[0]]));let r=new Array(e.length).fill(0);if(t){let o=n?[this.sep[0]]:[],s=n?[this.sep[0]]:[];e=Ge(e,o,t,s),r=Ge(r,new Array(t.length+o.length+s.length).fill(1))}return{tokens:e,token_type_ids:r}}},fx=lx,dx=class extends Dr{constructor(e){super(e),this.processors=(e.processors??[]).map(t=>Fd(t))}post_process(e,t=null,n=!0){let r={tokens:e,tokens_pair:t};for(let o of this.processors)r=o.post_process(r.tokens,r.tokens_pair,n);return r}},px=dx;function hx(e){if(e===null)return null;switch(e.type){case"TemplateProcessing":return new sx(e);case"ByteLevel":return new ax(e);case"BertProcessing":return new ux(e);case"RobertaProcessing":return new fx(e);case"Sequence":return new px(e);default:throw new Error(`Unknown PostProcessor type: ${e.type}`)}}var Fd=hx,mx=class extends qr{constructor(e){super(),this.config=e,this.added_tokens=[],this.end_of_word_suffix=null,this.trim_offsets="trim_offsets"in e?e.trim_offsets:!1}_call(e){return this.decode(e)}decode(e){return this.decode_chain(e).join("")}},tt=mx,gx=class extends tt{constructor(e){super(e),this.byte_decoder=gv,this.text_decoder=new TextDecoder("utf-8",{fatal:!1,ignoreBOM:!0}),this.end_of_word_suffix=null}convert_tokens_to_string(e){let t=e.join(""),n=new Uint8Array([...t].map(r=>this.byte_decoder[r]));return this.text_decoder.decode(n)}decode_chain(e){let t=[],n=[];for(let r of e)this.added_tokens.find(o=>o.content===r)!==void 0?(n.length>0&&(t.push(this.convert_tokens_to_string(n)),n=[]),t.push(r)):n.push(r);return n.length>0&&t.push(this.convert_tokens_to_string(n)),t}},wx=gx,_x=class extends tt{constructor(e){super(e),this.cleanup=e.cleanup}decode_chain(e){return e.map((t,n)=>{if(n!==0){let r=this.config.prefix;r&&t.startsWith(r)?t=t.replace(r,""):t=" "+t}return this.cleanup&&(t=Pa(t)),t})}},yx=_x,bx=class extends tt{constructor(e){super(e),this.replacement=e.replacement??"\u2581"}decode_chain(e){let t=[];for(let n=0;n<e.length;++n){let r=e[n].replaceAll(this.replacement," ");n==0&&r.startsWith(" ")&&(r=r.substring(1)),t.push(r)}return t}},vx=bx,xx=class extends tt{constructor(e){super(e),this.suffix=e.suffix??""}decode_chain(e){return e.map((t,n)=>t.replaceAll(this.suffix,n===e.length-1?"":" "))}},kx=xx,$x=class extends tt{constructor(e){super(e),this.pad_token=e.pad_token??"",this.word_delimiter_token=e.word_delimiter_token??"",this.cleanup=e.cleanup}convert_tokens_to_string(e){if(e.length===0)return"";let t=[e[0]];for(let o=1;o<e.length;++o)e[o]!==t.at(-1)&&t.push(e[o]);let r=t.filter(o=>o!==this.pad_token).join("");return this.cleanup&&(r=Pa(r).replaceAll(this.word_delimiter_token," ").trim()),r}decode_chain(e){return[this.convert_tokens_to_string(e)]}},Ex=$x,Sx=class extends tt{constructor(e){super(e),this.decoders=(e.decoders??[]).map(t=>Kd(t))}decode_chain(e){return this.decoders.reduce((t,n)=>n.decode_chain(t),e)}},Ax=Sx,Ox=class extends tt{constructor(e){super(e),this.pattern=os(this.config.pattern)}decode_chain(e){let t=this.config.content??"",n=this.pattern;return n===null?e:e.map(r=>r.replaceAll(n,t))}},Tx=Ox,Mx=class extends tt{decode_chain(e){return[e.join("")]}},Nx=Mx,Cx=class extends tt{constructor(e){super(e),this.content=e.content??"",this.start=e.start??0,this.stop=e.stop??0}decode_chain(e){return e.map(t=>{let n=0;for(let o=0;o<this.start&&t[o]===this.content;++o){n=o+1;continue}let r=t.length;for(let o=0;o<this.stop;++o){let s=t.length-o-1;if(t[s]===this.content){r=s;continue}else break}return t.slice(n,r)})}},Ix=Cx,Rx=class extends tt{constructor(e){super(e),this.text_decoder=new TextDecoder}decode_chain(e){let t=[],n=[];for(let r of e){let o=null;if(r.length===6&&r.startsWith("<0x")&&r.endsWith(">")){let s=parseInt(r.slice(3,5),16);isNaN(s)||(o=s)}if(o!==null)n.push(o);else{if(n.length>0){let s=this.text_decoder.decode(Uint8Array.from(n));t.push(s),n=[]}t.push(r)}}if(n.length>0){let r=this.text_decoder.decode(Uint8Array.from(n));t.push(r),n=[]}return t}},Lx=Rx;function Px(e){if(e===null)return null;switch(e.type){case"ByteLevel":return new wx(e);case"WordPiece":return new yx(e);case"Metaspace":return new vx(e);case"BPEDecoder":return new kx(e);case"CTC":return new Ex(e);case"Sequence":return new Ax(e);case"Replace":return new Tx(e);case"Fuse":return new Nx(e);case"Strip":return new Ix(e);case"ByteFallback":return new Lx(e);default:throw new Error(`Unknown Decoder type: ${e.type}`)}}var Kd=Px,jx=class{constructor(e,t){let n=xd(e,"Tokenizer",["model","decoder","post_processor","pre_tokenizer","normalizer"]);if(n)throw new Error(n);let r=xd(t,"Config");if(r)throw new Error(r);this.tokenizer=e,this.config=t,this.normalizer=zd(this.tokenizer.normalizer),this.pre_tokenizer=Dd(this.tokenizer.pre_tokenizer),this.model=nx(this.tokenizer.model,this.config),this.post_processor=Fd(this.tokenizer.post_processor),this.decoder=Kd(this.tokenizer.decoder),this.special_tokens=[],this.all_special_ids=[],this.added_tokens=[];let o=[],s=[];this.added_tokens_map=new Map;for(let i of this.tokenizer.added_tokens){let a=new hb(i);if(this.added_tokens.push(a),this.model.tokens_to_ids.set(a.content,a.id),this.model.vocab[a.id]=a.content,a.special&&(this.special_tokens.push(a.content),this.all_special_ids.push(a.id)),this.added_tokens_map.set(a.content,a),a.normalized&&this.normalizer!==null){let c=this.normalizer(a.content);s.push(c),this.added_tokens_map.set(c,a)}else o.push(a.content)}(this.config.additional_special_tokens??[]).forEach(i=>{this.special_tokens.includes(i)||this.special_tokens.push(i)}),this.decoder&&(this.decoder.added_tokens=this.added_tokens,this.decoder.end_of_word_suffix=this.model.end_of_word_suffix),this.splitter_unnormalized=new wd(o),this.splitter_normalized=new wd(s),this.remove_space=this.config.remove_space,this.clean_up_tokenization_spaces=this.config.clean_up_tokenization_spaces??!0,this.do_lowercase_and_remove_accent=this.config.do_lowercase_and_remove_accent??!1}encode(e,{text_pair:t=null,add_special_tokens:n=!0,return_token_type_ids:r=null}={}){let{tokens:o,token_type_ids:s}=this.tokenize_helper(e,{text_pair:t,add_special_tokens:n}),i=o.map(c=>this.added_tokens_map.get(c)?.id??this.model.tokens_to_ids.get(c)??this.model.unk_token_id),a={ids:i,tokens:o,attention_mask:new Array(i.length).fill(1)};return r&&s&&(a.token_type_ids=s),a}decode(e,t={}){if(!Array.isArray(e)||e.length===0||!Lb(e[0]))throw Error("token_ids must be a non-empty array of integers.");let n=e.map(o=>this.model.vocab[Number(o)]??this.model.unk_token);t.skip_special_tokens&&(n=n.filter(o=>!this.special_tokens.includes(o)));let r=this.decoder?this.decoder(n):n.join(" ");return this.decoder&&this.decoder.end_of_word_suffix&&(r=r.replaceAll(this.decoder.end_of_word_suffix," "),t.skip_special_tokens&&(r=r.trim())),(t.clean_up_tokenization_spaces??this.clean_up_tokenization_spaces)&&(r=Pa(r)),r}tokenize(e,{text_pair:t=null,add_special_tokens:n=!1}={}){return this.tokenize_helper(e,{text_pair:t,add_special_tokens:n}).tokens}encode_text(e){if(e===null)return null;let t=this.splitter_unnormalized.split(e);return t.forEach((n,r)=>{let o=this.added_tokens_map.get(n);o&&(o.lstrip&&r>0&&(t[r-1]=t[r-1].trimEnd()),o.rstrip&&r<t.length-1&&(t[r+1]=t[r+1].trimStart()))}),t.flatMap((n,r)=>{if(n.length===0)return[];if(this.added_tokens_map.has(n))return[n];if(this.remove_space===!0&&(n=n.trim().split(/\s+/).join(" ")),this.do_lowercase_and_remove_accent&&(n=jb(n)),this.normalizer!==null&&(n=this.normalizer(n)),n.length===0)return[];let o=this.splitter_normalized.split(n);return o.forEach((s,i)=>{let a=this.added_tokens_map.get(s);a&&(a.lstrip&&i>0&&(o[i-1]=o[i-1].trimEnd()),a.rstrip&&i<o.length-1&&(o[i+1]=o[i+1].trimStart()))}),o.flatMap(s=>{if(s.length===0)return[];if(this.added_tokens_map.has(s))return[s];let i=this.pre_tokenizer!==null?this.pre_tokenizer(s,{section_index:r}):[s];return this.model(i)})})}tokenize_helper(e,{text_pair:t=null,add_special_tokens:n=!0}){let r=this.encode_text(e),o=this.encode_text(t||null);return this.post_processor?this.post_processor(r,o,n):{tokens:Ge(r??[],o??[])}}token_to_id(e){return this.model.tokens_to_ids.get(e)}id_to_token(e){return this.model.vocab[e]}get_added_tokens_decoder(){let e=new Map;for(let t of this.added_tokens)e.set(t.id,t);return e}get_vocab(e=!0){let t=new Map;for(let n=0;n<this.model.vocab.length;++n){let r=this.model.vocab[n];(e||!this.added_tokens_map.has(r))&&t.set(r,n)}return t}},za=jx;var qa=1<<22;function Gd(e){let t=n=>{if(n===null)return;for(let i of n.normalizers??[])t(i);let{pattern:r,config:{type:o,content:s=""}={}}=n;o!=="Replace"||!r||(n.normalize=i=>{if(i.length*(1+s.length)+s.length<=qa&&!s.includes("$"))return i.replaceAll(r,s);let c=i.length;return i.replaceAll(r,u=>{if(c+=s.length-u.length,c>Math.max(i.length,qa))throw new y(`tokenizer.json: normalizer: expected texts of at most ${qa} characters, found that it makes a longer one by writing ${JSON.stringify(s.slice(0,40))} over and over; use the model's own file`);return s})})};t(e)}var Bx=new TextEncoder,zx=Array.from({length:256},(e,t)=>`<0x${t.toString(16).toUpperCase().padStart(2,"0")}>`);function Vd(e){let{vocab:t,byte_fallback:n}=e.config;if(!Array.isArray(t)||n!==!0)return;let r=e._call.bind(e);e._call=o=>r(o).flatMap(s=>{if(e.tokens_to_ids.has(s))return[s];let i=Array.from(Bx.encode(s),a=>zx[a]);return i.every(a=>e.tokens_to_ids.has(a))?i:[s]})}var Yd=new TextEncoder;function Qd(e){let t=new Map(e.added.map(s=>[s.content,s])),r=e.added.map(({content:s})=>s).filter(s=>s!=="").sort((s,i)=>i.length-s.length).map(qx).join("|")||"(?!)",o=new RegExp(r,"gu");return({text:s,literal:i,trained:a})=>{let c=[],u=[],l=(p,h)=>a.some(([m,g])=>p<g&&h>m)?1:0,f=(p,h)=>{h>p&&Wx(e,s.slice(p,h),p,a,c,u)},d=o.lastIndex=0;for(let p=o.exec(s);p!==null;p=o.exec(s)){let h=t.get(p[0]),m=p.index,g=m+p[0].length;if(i.has(m)||h.single_word&&!Dx(s,m,g))continue;let w=h.lstrip?d+s.slice(d,m).trimEnd().length:m,_=h.rstrip?g+/^\s*/.exec(s.slice(g))[0].length:g;f(d,w),c.push(h.id),u.push(l(w,_)),d=o.lastIndex=_}return f(d,s.length),{ids:c,mask:u}}}function qx(e){return e.replace(/[\\^$.*+?()[\]{}|/]/g,"\\$&")}function Dx(e,t,n){return!/[\p{L}\p{N}_]$/u.test(e.slice(0,t))&&!/^[\p{L}\p{N}_]/u.test(e.slice(n))}function Wx(e,t,n,r,o,s){let i=e.normalise(t),a=e.cut(i,n===0),c=r.filter(([f,d])=>f<n+t.length&&d>n),u=c.length>0?Ux(e,i,a):void 0,l=c.map(([f,d])=>[Hd(e,t,i,u.shift,f-n),Hd(e,t,i,u.shift,d-n)]);a.forEach((f,d)=>{let p=e.tokens(f);for(let h=0;h<p.ids.length;h++){if(o.push(p.ids[h]),u===void 0){s.push(0);continue}let m=u.at[d]+p.from[h],g=u.at[d]+p.to[h];s.push(l.some(([w,_])=>m<_&&g>w)?1:0)}})}function Hd(e,t,n,r,o){if(o<0)return-1;if(o>=t.length)return 1/0;let s=o===0?e.prefix:e.normalise(t.slice(0,o));return r+(e.bytes?Zd(Jd(s,n)):Jd(s,n).length)}function Jd(e,t){if(t.startsWith(e))return e;let n=0;for(;n<e.length&&e[n]===t[n];)n++;return e.slice(0,n)}function Zd(e){return Yd.encode(e).length}function Ux(e,t,n){let r=()=>new y("tokenizer.json: expected a pre-tokenizer that keeps the text as it is, found one after which the places of tokens are not known; what is trained cannot be told from the rest"),o=[];if(e.bytes){let u=0;for(let f of n)o.push(u),u+=f.length;let l=u-Zd(t);if(l!==0&&l!==1)throw r();return{at:o,shift:l}}let s=u=>u.replaceAll("\u2581"," "),i=n.length>0&&s(t).startsWith(s(n[0]))?0:n[0]?.startsWith("\u2581")?1:0,a=" ".repeat(i)+s(t),c=0;for(let u of n){let l=a.indexOf(s(u),c);if(l<0||a.slice(c,l).trim()!=="")throw r();o.push(l),c=l+u.length}return{at:o,shift:i}}function ep(e,t,{unknown:n,continuing:r=""}){let o=[],s=[],i=0,a=[],c=0;for(let[u,l]of t.entries()){let f=-1,d=/^<0x([0-9A-F]{2})>$/.exec(l);if(a.length===0&&e.startsWith(l,i))f=l.length;else if(a.length===0&&u>0&&r!==""&&l.startsWith(r)){let p=l.slice(r.length);e.startsWith(p,i)&&(f=p.length)}if(f<0&&d!==null&&i<e.length){if(a.length===0){let p=String.fromCodePoint(e.codePointAt(i));c=p.length,a=[...Yd.encode(p)]}if(a.shift()===parseInt(d[1],16)){o.push(i),s.push(i+c),a.length===0&&(i+=c);continue}}if(f<0&&l===n&&i<e.length&&(f=t.length===1?e.length:String.fromCodePoint(e.codePointAt(i)).length),f<0)throw Xd(e,t);o.push(i),s.push(i+=f)}if(i!==e.length||a.length>0)throw Xd(e,t);return{from:o,to:s}}function Xd(e,t){return new y(`tokenizer.json: expected tokens that spell ${JSON.stringify(e)}, found ${JSON.stringify(t)}; what is trained cannot be told from the rest`)}var tp=(1<<24)-1,Fx=5e4;function np(e){let t;try{t=typeof e=="string"?JSON.parse(e):e}catch(g){throw new y(`tokenizer.json: expected JSON, found ${g.message}`)}if(typeof t?.model?.vocab!="object"||t.model.vocab===null)throw new y("tokenizer.json: expected a model with a vocabulary, found none; export it with `tokenizers`");Vx(t);let n=new Map;for(let g of t.added_tokens??[])g.special&&n.set(g.content,g.id);let r,o,s=new Map;try{let g=new za(rp(t),{clean_up_tokenization_spaces:!1});for(let[w,_]of g.get_vocab())w!==void 0&&s.set(w,_);o=Gx(g),r=new za(Hx(t,n),{clean_up_tokenization_spaces:!1})}catch(g){throw new y(`tokenizer.json: cannot be read by @huggingface/tokenizers: ${g.message}`)}if(r.model===null)throw new y("tokenizer.json: expected a model, found none");let i=r.model;Vd(i),Gd(r.normalizer);let a=(t.added_tokens??[]).some(g=>!n.has(g.content)),c=new Map([...n].map(([g,w])=>[w,g])),u=0;for(let g of s.values())u=Math.max(u,g+1);let l=new Map,f={unknown:Kx(t),continuing:t.model.continuing_subword_prefix??void 0},d=g=>{let w=l.get(g);if(w!==void 0)return w;let _={ids:[],tokens:[]};for(let b of i([g])){let v=i.tokens_to_ids.get(b)??i.unk_token_id;v!==void 0&&(_.ids.push(v),_.tokens.push(b))}return l.size>=Fx&&l.clear(),l.set(g,_),_},p=g=>r.normalizer===null?g:r.normalizer(g),h=(g,w)=>r.pre_tokenizer===null?[g]:r.pre_tokenizer(g,{section_index:w}),m=Qd({added:t.added_tokens??[],normalise:p,prefix:Da(t.normalizer,"Prepend")?p(""):"",cut:(g,w)=>h(g,w?0:1),bytes:Da(t.pre_tokenizer,"ByteLevel"),tokens(g){let w=d(g);return w.places??=ep(g,w.tokens,f),{ids:w.ids,...w.places}}});return{vocabSize:u,encode(g){return g===""?[]:a?r.encode(g,{add_special_tokens:!1}).ids:h(p(g),0).flatMap(w=>d(w).ids)},decode(g){let w=[];for(let _ of g)_>=0&&_<u&&!c.has(_)&&w.push(_);return w.length===0?"":r.decode(w)},id:g=>s.get(g),special:g=>c.get(g),specials:[...n.keys()],around:o,encodeRendered:m}}function Da(e,t){if(typeof e!="object"||e===null)return!1;let{type:n,normalizers:r,pretokenizers:o}=e;return n===t||[r,o].some(s=>Array.isArray(s)&&s.some(i=>Da(i,t)))}function Kx({model:{vocab:e,unk_token:t,unk_id:n}}){return t??(Array.isArray(e)&&typeof n=="number"?e[n]?.[0]:void 0)}function Gx(e){let t="\u{10FFFF}",n=e.post_processor===null?[t]:e.post_processor([t],null,!0).tokens,r=n.indexOf(t),o=s=>s.map(i=>e.token_to_id(i)).filter(i=>i!==void 0);return r<0?{before:[],after:[]}:{before:o(n.slice(0,r)),after:o(n.slice(r+1))}}function Vx({model:{vocab:e},added_tokens:t}){let n=t??[],r=(o,s)=>{if(!(Number.isInteger(s)&&s>=0&&s<=tp))throw new y(`tokenizer.json: expected an id from 0 to ${tp} for ${JSON.stringify(o)}, found ${JSON.stringify(s)}`)};if(!Array.isArray(e))for(let[o,s]of Object.entries(e))r(o,s);if(!Array.isArray(n))throw new y(`tokenizer.json: added_tokens: expected a list, found ${JSON.stringify(n)?.slice(0,99)}`);for(let o of n){if(typeof o?.content!="string")throw new y(`tokenizer.json: added_tokens: expected tokens with a content, found ${JSON.stringify(o)?.slice(0,99)}`);r(o.content,o.id)}}function rp(e){return{normalizer:null,pre_tokenizer:null,post_processor:null,decoder:null,added_tokens:[],...e}}function Hx(e,t){let n=e.model.vocab,r=o=>t.has(o)&&o!==e.model.unk_token;return{...rp(e),added_tokens:(e.added_tokens??[]).filter(o=>!t.has(o.content)),model:{...e.model,vocab:Array.isArray(n)?n.map(([o,s],i)=>[r(o)?`\u{10FFFF}${i}`:o,s]):Object.fromEntries(Object.entries(n).filter(([o])=>!r(o)))}}}var ie={f32:4,f16:2,i32:4},G=class e{shape;dtype;slot;offset;requiresGrad=!1;gradient;origin;constructor(t,n,r,o=0,s){this.shape=t,this.dtype=n,this.slot=r,this.offset=o,this.origin=s??this}static of(t,n,r,o="f32"){let s=he(n);if(r&&r.length!==s)throw new Error(`expected ${s} values for shape [${n}], found ${r.length}`);let i=s*ie[o],a=t.buffer(i,`tensor [${n}]`),c=new e(n,o,{label:a.label,bytes:i,buffer:a,offset:0});return r&&c.write(t,o==="i32"?Int32Array.from(r):Float32Array.from(r)),c}get size(){return he(this.shape)}get bytes(){return this.size*ie[this.dtype]}get slice(){return{slot:this.slot,offset:this.offset,bytes:this.bytes,f16:this.dtype==="f16"}}view(t){if(he(t)!==this.size)throw new Error(`cannot view [${this.shape}] as [${t}]`);let n=new e(t,this.dtype,this.slot,this.offset,this.origin);return n.requiresGrad=this.requiresGrad,n.gradient=this.gradient?.view(t),n}rows(t,n){let r=this.size/(this.shape[0]??1),o=this.offset+t*r*ie[this.dtype];if(o%256!==0)throw new Error(`rows: offset ${o} bytes is not a multiple of 256`);return new e([n,...this.shape.slice(1)],this.dtype,this.slot,o)}write(t,n){if(n.length===0)return;let r=this.slot.offset+this.offset;if(this.dtype!=="f16"){t.device.queue.writeBuffer(this.#e(),r,n);return}if(n.length!==this.size||this.size%2===1&&this.bytes<this.slot.bytes)throw new Error(`f16 tensor [${this.shape}]: expected ${this.size} values for the whole of it, found ${n.length} for ${this.bytes} of ${this.slot.bytes} bytes`);let o=new Float16Array(2*Math.ceil(n.length/2));o.set(n),t.device.queue.writeBuffer(this.#e(),r,o)}async read(t){let n=await t.read(this.#e(),this.slot.offset+this.offset,this.bytes);return this.dtype==="f32"?new Float32Array(n):Float32Array.from(this.dtype==="f16"?new Float16Array(n):new Int32Array(n))}destroy(t){t.release(this.#e())}#e(){if(!this.slot.buffer)throw new Error(`tensor "${this.slot.label}" is intermediate: name it as an output of its program to read it`);return this.slot.buffer}};function he(e){return e.reduce((t,n)=>t*n,1)}function z(e,t,n,r){if(n.length!==r.length||r.some((o,s)=>o!==-1&&o!==n[s])){let o=r.map(s=>s===-1?"*":s);throw new Error(`${e}: ${t} must have shape [${o}], found [${n}]`)}}var Jx=256,Xx=2048;function as(e,t){return e>Xx?Jx/t:0}function Wa(e){return{GELU:+(e==="gelu"),GELU_TANH:+(e==="gelu_tanh"),QUICK_GELU:+(e==="quick_gelu"),SILU:+(e==="silu")}}var Qt=["y","saved","residual"];function Ct({bias:e,save:t,residual:n}){let r=["y"];return e&&r.push("bias"),t&&r.push("saved"),n&&r.push("residual"),r}function Zt(e,t){let n=Ct(e),r=s=>Math.max(0,n.indexOf(s))&&t+n.indexOf(s),{activation:o}=e;return{Y:t,BIAS:r("bias"),SAVE:r("saved"),RESIDUAL:r("residual"),PARAMS:t+n.length,PITCHED:+(e.pitches!==void 0),SCALED:+(e.scale!==void 0),ACTIVATION:+(o!==void 0),...Wa(o)}}function en({m:e,n:t,k:n,add:r,pitches:o,scale:s}){let i=o?[o.a,o.b,o.y]:[];return[e,t,n,Number(r),...i.flatMap(({row:a,first:c})=>[a,c]),...s===void 0?[]:[H(s)]]}function It({pitches:e},...t){return!e||t.every(n=>e[n].row%4===0&&e[n].first%4===0)}function tn(e){let{layout:t,m:n,n:r,k:o,bias:s,save:i,residual:a,activation:c,add:u,pitches:l,scale:f}=e;return[...[t,`M${n} N${r} K${o}`,c??"",f!==void 0&&"scaled"],s&&"bias",i&&"save",a&&"residual",u&&"add",l&&"piece"].filter(Boolean).join(" ")}var op=`// Matrix product Y[M,N] = A[M,K]\xB7B[N,K]\u1D40 with its endings where M is at most four and B large, as when tokens are
// generated one by one: the time goes into reading B, which is read once, each load of 16 bytes beside its neighbour's.
//
// A workgroup takes COLS columns of Y, that is rows of B; its LANES invocations walk along K side by side, and what they
// have added up goes through workgroup memory. With HALF, B is in 16 bits, eight values a load.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#if HALF
@group(0) @binding(1) var<storage, read_write> b: array<vec4u>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<vec4f>;
//#end HALF
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending
//#include lane_sum

var<workgroup> sums: array<vec4f, \${ROWS * VCOLS * LANES}>; // [row, column / 4, lane]

@compute @workgroup_size(\${WORKGROUP})
fn gemv(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let column = \${COLS}u * group_index(group, groups); // past the last one nothing is stored: all stay until the barrier
  let k4 = p.k / 4u;
  // Where rows of A and B begin, in vec4s and in loads.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_pitch = p.b_pitch / \${EACH}u;
  let b_first = p.b_first / \${EACH}u;
  //#else
  let a_pitch = k4;
  let a_first = 0u;
  let b_pitch = p.k / \${EACH}u;
  let b_first = 0u;
  //#end PITCHED
  //#repeat c COLS
  let row\${c} = b_first + min(column + \${c}u, p.n - 1u) * b_pitch;
  //#repeat r ROWS
  var y\${r}_\${c} = vec4f();
  //#end r
  //#end c
  for (var k = lane; k < p.k / \${EACH}u; k += \${LANES}u) {
    //#repeat r ROWS
    let at\${r} = a_first + \${r}u * a_pitch + \${EACH / 4}u * k;
    let a\${r} = load_a(at\${r});
    //#if HALF
    let more\${r} = load_a(at\${r} + 1u);
    //#end HALF
    //#end r
    //#repeat c COLS
    let b\${c} = b[row\${c} + k];
    //#if HALF
    let low\${c} = vec4f(unpack2x16float(b\${c}.x), unpack2x16float(b\${c}.y));
    let high\${c} = vec4f(unpack2x16float(b\${c}.z), unpack2x16float(b\${c}.w));
    //#repeat r ROWS
    y\${r}_\${c} = fma(more\${r}, high\${c}, fma(a\${r}, low\${c}, y\${r}_\${c}));
    //#end r
    //#else
    //#repeat r ROWS
    y\${r}_\${c} = fma(a\${r}, b\${c}, y\${r}_\${c});
    //#end r
    //#end HALF
    //#end c
  }
  //#repeat r ROWS
  //#repeat v VCOLS
  sums[\${(r * VCOLS + v) * LANES}u + lane] = vec4f(
    lane_sum(y\${r}_\${4 * v}), lane_sum(y\${r}_\${4 * v + 1}), lane_sum(y\${r}_\${4 * v + 2}), lane_sum(y\${r}_\${4 * v + 3}));
  //#end v
  //#end r
  workgroupBarrier();
  // An invocation adds up and ends four columns of a row.
  if (lane >= \${ROWS * VCOLS}u) { return; }
  var sum = vec4f();
  //#repeat l LANES
  sum += sums[lane * \${LANES}u + \${l}u];
  //#end l
  end(lane / \${VCOLS}u, column + 4u * (lane % \${VCOLS}u), sum);
}
`;var Qx=4,Zx=1<<18,ek=65536,tk={cpu:{lanes:8,columns:8},gpu:{lanes:32,columns:4}},nk={name:"gemv",wgsl:op,constants:e=>({...Zt(e,2),VECTOR:Number(e.n%4===0&&It(e,"y")),HALF:Number(e.half),EACH:e.half?8:4,ROWS:e.m,COLS:e.columns,VCOLS:e.columns/4,LANES:e.lanes}),bindings:e=>["a","b",...Ct(e)],f16:["a","b",...Qt],params:en,workgroup:({lanes:e})=>e,groups:({n:e,columns:t})=>L(Math.ceil(e/t),1),label:e=>`${tn(e)}${e.half?" half":""}`,operations:({m:e,n:t,k:n})=>2*e*t*n};function sp({layout:e,m:t,n,k:r}){return e==="NT"&&t<=Qx&&r%8===0&&r<=ek&&n*r>=Zx}function rk(e,t,n){return{...e,...tk[n],half:t}}function ip(e,t,n){e.dispatch(nk,rk(t,n[1].dtype==="f16",Te(e.gpu)),n)}function nt(e,t){let n=Math.floor(e.largestBinding/4/65536)*65536;if(n===0)throw new Error(`bindings of ${e.largestBinding} bytes are too small; ${4*65536} are needed`);let r=[];for(let o=0;o<t;o+=n)r.push({first:o,count:Math.min(n,t-o)});return r}var Ua=256;function Wr(e){let t=1;for(;t*e%Ua!==0;)t*=2;return t}function Kn(e,t,n){if(t*n<=e.largestBinding)return[{first:0,count:t}];let r=Wr(n),o=Math.max(r,Math.floor(e.largestBinding/n/r)*r);return Array.from({length:Math.ceil(t/o)},(s,i)=>({first:i*o,count:Math.min(o,t-i*o)}))}var cs={NT:{a:["m","k"],b:["n","k"]},NN:{a:["m","k"],b:["k","n"]},TN:{a:["k","m"],b:["k","n"]}},ap=["m","n"];function cp(e,t,n){return e?{width:t.shape.at(-1),first:e.first}:{width:n,first:0}}function up({layout:e,m:t,n,k:r},{a:o,b:s,y:i,others:a,columns:c={}},u,l,f=1){let d={m:t,n,k:r},p={m:t,n,k:Math.min(r,l)},h={m:4,n:4,k:4},m=(w,[_,b],v,x=0)=>{if(!w.every(({bytes:S})=>S<=u))for(let S of w){let O=cp(v,S,d[b]).width*ie[S.dtype];h[_]=Math.max(h[_],Wr(O)),S.bytes>u&&(p[_]=Math.min(p[_],Math.floor(u/Math.max(O,x))))}};m([o],cs[e].a,c.a),m([s],cs[e].b,c.b),m([i,...a],ap,c.y,4*n),f>1&&4*f*t*n>u&&(p.m=Math.min(p.m,Math.floor(u/(4*f*n))));let g=w=>{if(p[w]>=d[w])return[{first:0,count:d[w]}];let _=Math.max(h[w],Math.floor(p[w]/h[w])*h[w]);return Array.from({length:Math.ceil(d[w]/_)},(b,v)=>({first:v*_,count:Math.min(_,d[w]-v*_)}))};return g("m").flatMap(w=>g("n").flatMap(_=>g("k").map(b=>({m:w,n:_,k:b}))))}function lp({layout:e,m:t,n,k:r},{a:o,b:s,y:i,others:a,columns:c={}},u){let l={m:t,n,k:r},f=(_,[b,v],x)=>{let{width:S,first:O}=cp(x,_[0],l[v]),{first:R,count:T}=u[b],M=_.every(({dtype:ee})=>R*S*ie[ee]%Ua===0);return{tensors:M&&T<l[b]?_.map(ee=>ee.view([l[b],S]).rows(R,T)):_,pitch:{row:S,first:O+u[v].first+(M?0:R*S)},own:M&&u[v].count===S}},d=f([o],cs[e].a,c.a),p=f([s],cs[e].b,c.b),h=f([i,...a],ap,c.y),[m,...g]=h.tensors,w=d.own&&p.own&&h.own;return{a:d.tensors[0],b:p.tensors[0],y:m,others:g,pitches:w?void 0:{a:d.pitch,b:p.pitch,y:h.pitch}}}var fp=`// Matrix product Y = op(A)\xB7op(B) with its endings, of any size, in registers. Layouts as in gemm.wgsl.
//
// As there an invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) and walks K four at a time, but loads and
// stores go element by element within bounds. Blocks of a long K and the limit of its trips are as there.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// Where elements of A and B lie.
//#if PITCHED
fn a_at(row: u32, column: u32) -> u32 { return row * p.a_pitch + p.a_first + column; }
fn b_at(row: u32, column: u32) -> u32 { return row * p.b_pitch + p.b_first + column; }
//#else
//#if TN
fn a_at(row: u32, column: u32) -> u32 { return row * p.m + column; }
//#else
fn a_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#end TN
//#if NT
fn b_at(row: u32, column: u32) -> u32 { return row * p.k + column; }
//#else
fn b_at(row: u32, column: u32) -> u32 { return row * p.n + column; }
//#end NT
//#end PITCHED

// op(A)[row, k] and op(B)[k, column]; 0 outside. One way out of each: these are inlined many times, and SwiftShader
// compiles for minutes where that brings as many early returns.
fn at_a(row: u32, k: u32) -> f32 {
  var x = 0.0;
  if ((row < p.m) & (k < p.k)) {
    //#if TN
    x = f32(a[a_at(k, row)]);
    //#else
    x = f32(a[a_at(row, k)]);
    //#end TN
  }
  return x;
}
fn at_b(k: u32, column: u32) -> f32 {
  var x = 0.0;
  if ((column < p.n) & (k < p.k)) {
    //#if NT
    x = f32(b[b_at(column, k)]);
    //#else
    x = f32(b[b_at(k, column)]);
    //#end NT
  }
  return x;
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let steps = (p.k + 3u) / 4u;
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < steps; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, steps); k++) {
  //#else
  for (var k = 0u; k < steps; k++) {
  //#end BLOCK
    //#repeat i ROWS
    let a\${i} = vec4f(
      at_a(row + \${i}u, 4u * k), at_a(row + \${i}u, 4u * k + 1u),
      at_a(row + \${i}u, 4u * k + 2u), at_a(row + \${i}u, 4u * k + 3u));
    //#end i
    //#repeat j VCOLS
    //#repeat q 4
    let b\${j}_\${q} = vec4f(
      at_b(4u * k + \${q}u, column + \${4 * j}u), at_b(4u * k + \${q}u, column + \${4 * j + 1}u),
      at_b(4u * k + \${q}u, column + \${4 * j + 2}u), at_b(4u * k + \${q}u, column + \${4 * j + 3}u));
    //#end q
    let b\${j} = mat4x4f(b\${j}_0, b\${j}_1, b\${j}_2, b\${j}_3);
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var dp=`// Matrix product Y = op(A)\xB7op(B) with its endings, in registers: the form for CPU drivers, where 4 divides N and K (and
// M, of TN). gemm_any.wgsl takes all other sizes, gemm_tiled.wgsl is the form for GPUs.
//
//   NT: Y[M,N] = A[M,K]\xB7B[N,K]\u1D40   a layer's forward (weights as Hugging Face stores them: [out, in])
//   NN: Y[M,N] = A[M,K]\xB7B[K,N]    its input gradient  dX = dY\xB7W
//   TN: Y[M,N] = A[K,M]\u1D40\xB7B[K,N]   its weight gradient dW = dY\u1D40\xB7X
//
// One invocation holds a tile of ROWS\xD7COLS outputs (COLS = 4\xB7VCOLS) in registers and walks K four at a time,
// so each loaded vec4 serves a whole row or column of the tile. Neighbouring invocations take neighbouring
// column tiles. The operands are read through textures where these are large enough (src/gpu/program/textures.ts).
// Where K is long, what BLOCK trips add up goes into a second set of sums (blocked summation, Higham 1993), so that
// rounding grows with the blocks and not with K. All trips together must stay under 65,535, a driver's limit.

struct Params {
//#include gemm_params
}

@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

@compute @workgroup_size(\${WORKGROUP})
fn gemm(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let tile = item_index(id, groups);
  let across = (p.n + \${COLS}u - 1u) / \${COLS}u;
  let row = (tile / across) * \${ROWS}u;
  let column = (tile % across) * \${COLS}u;
  if (row >= p.m) { return; }

  //#repeat i ROWS
  //#repeat j VCOLS
  var y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  let k4 = p.k / 4u;
  // vec4s from a row of A and B to the next, and before their first column.
  //#if PITCHED
  let a_pitch = p.a_pitch / 4u;
  let b_pitch = p.b_pitch / 4u;
  let a_first = p.a_first / 4u;
  let b_first = p.b_first / 4u;
  //#else
  let a_first = 0u;
  let b_first = 0u;
  //#if TN
  let a_pitch = p.m / 4u;
  //#else
  let a_pitch = k4;
  //#end TN
  //#if NT
  let b_pitch = k4;
  //#else
  let b_pitch = p.n / 4u;
  //#end NT
  //#end PITCHED
  // Where the tile's rows of A begin (TN: its columns), and its columns of B (NT: its rows).
  //#if TN
  //#repeat i VROWS
  let ra\${i} = a_first + min(row / 4u + \${i}u, p.m / 4u - 1u);
  //#end i
  //#else
  //#repeat i ROWS
  let ra\${i} = a_first + min(row + \${i}u, p.m - 1u) * a_pitch;
  //#end i
  //#end TN
  //#if NT
  //#repeat j COLS
  let cb\${j} = b_first + min(column + \${j}u, p.n - 1u) * b_pitch;
  //#end j
  //#else
  //#repeat j VCOLS
  let cb\${j} = b_first + min(column / 4u + \${j}u, p.n / 4u - 1u);
  //#end j
  //#end NT
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  var sum\${i}_\${j} = vec4f();
  //#end j
  //#end i
  for (var first = 0u; first < k4; first += \${BLOCK}u) {
  for (var k = first; k < min(first + \${BLOCK}u, k4); k++) {
  //#else
  for (var k = 0u; k < k4; k++) {
  //#end BLOCK
    // a: the tile's rows, a vec4 along k each.
    //#if TN
    //#repeat i VROWS
    let ta\${i} = transpose(mat4x4f(
      load_a(4u * k * a_pitch + ra\${i}), load_a((4u * k + 1u) * a_pitch + ra\${i}),
      load_a((4u * k + 2u) * a_pitch + ra\${i}), load_a((4u * k + 3u) * a_pitch + ra\${i})));
    //#end i
    //#repeat i ROWS
    let a\${i} = ta\${i / 4}[\${i % 4}];
    //#end i
    //#else
    //#repeat i ROWS
    let a\${i} = load_a(ra\${i} + k);
    //#end i
    //#end TN
    // b: four columns at a time, a vec4 along the columns for each of the four k.
    //#repeat j VCOLS
    //#if NT
    let b\${j} = transpose(mat4x4f(
      load_b(cb\${4 * j} + k), load_b(cb\${4 * j + 1} + k), load_b(cb\${4 * j + 2} + k), load_b(cb\${4 * j + 3} + k)));
    //#else
    let b\${j} = mat4x4f(
      load_b(4u * k * b_pitch + cb\${j}), load_b((4u * k + 1u) * b_pitch + cb\${j}),
      load_b((4u * k + 2u) * b_pitch + cb\${j}), load_b((4u * k + 3u) * b_pitch + cb\${j}));
    //#end NT
    //#repeat i ROWS
    //#include gemm_step
    //#end i
    //#end j
  }
  //#if BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  sum\${i}_\${j} += y\${i}_\${j};
  y\${i}_\${j} = vec4f();
  //#end j
  //#end i
  }
  //#end BLOCK
  //#repeat i ROWS
  //#repeat j VCOLS
  //#if BLOCK
  end(row + \${i}u, column + \${4 * j}u, sum\${i}_\${j});
  //#else
  end(row + \${i}u, column + \${4 * j}u, y\${i}_\${j});
  //#end BLOCK
  //#end j
  //#end i
}
`;var hp=252e3;function Fa(e){let{layout:t,m:n,n:r,k:o}=e;return r%4===0&&o%4===0&&(t!=="TN"||n%4===0)&&It(e,"a","b","y")}function pp(e){return Fa(e)?Math.ceil(e.m/16)*Math.ceil(e.n/16)>=16?{rows:16,cols:16}:{rows:8,cols:8}:{rows:4,cols:4}}var mp={constants(e){let{rows:t,cols:n}=pp(e);return{VECTOR:Number(Fa(e)),NT:+(e.layout==="NT"),TN:+(e.layout==="TN"),ROWS:t,VROWS:t/4,COLS:n,VCOLS:n/4,BLOCK:as(e.k,4),...Zt(e,2)}},bindings:e=>["a","b",...Ct(e)],f16:["a","b",...Qt],params:en,groups(e,t){let{rows:n,cols:r}=pp(e);return L(Math.ceil(e.m/n)*Math.ceil(e.n/r),t)},label:tn,operations:({m:e,n:t,k:n})=>2*e*t*n},ik={...mp,name:"gemm",wgsl:dp,textures:({textures:e})=>e?["a","b"]:[]},ak={...mp,name:"gemm_any",wgsl:fp};function gp(e,t,n){if(!Fa(t))return e.dispatch(ak,t,n);let[r,o]=n,s=Math.max(r.size,o.size)<=e.gpu.largestTexture;e.dispatch(ik,{...t,textures:s},n)}var ck={gemm:{cpu:"registers",gpu:"tiled"},attention:{cpu:"registers",gpu:"tiled"},norm:{cpu:"registers",gpu:"tiled"},columnSum:{cpu:"registers",gpu:"tiled"},adamw:{cpu:"registers",gpu:"tiled"}};function rt(e,t){return ck[e][typeof t=="string"?t:Te(t)]}var wp=`// Second pass of a product whose inner size was divided: adds up the sheets of partial [splits, M, N] in order and
// ends the sum as blocks/gemm_ending.wgsl says. Four columns an invocation.

//#include spread
//#include gemm_ending

struct Params {
//#include gemm_params
  splits: u32,
}

@group(0) @binding(0) var<storage, read_write> partial: array<T>;
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gemm_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let across = (p.n + 3u) / 4u;
  let row = i / across;
  let column = 4u * (i % across);
  if (row >= p.m) { return; }
  var sum = vec4f();
  for (var sheet = 0u; sheet < p.splits; sheet++) {
    let first = (sheet * p.m + row) * p.n;
    //#if VECTOR
    sum += partial[(first + column) / 4u];
    //#else
    let last = p.n - 1u;
    sum += vec4f(partial[first + column], partial[first + min(column + 1u, last)],
      partial[first + min(column + 2u, last)], partial[first + min(column + 3u, last)]);
    //#end VECTOR
  }
  end(row, column, sum);
}
`;var _p=`// Matrix product Y = op(A)\xB7op(B) with tiles in workgroup memory: the form for GPUs. Layouts as in gemm.wgsl, the
// ending is blocks/gemm_ending.wgsl's.
//
// A workgroup of 2\xB7SIDE invocations (WORKGROUP) makes a square tile of SIDE\xD7SIDE outputs, 4\xB7VROWS \xD7 4\xB7VCOLS an invocation, and
// walks K sixteen at a time. For each step every invocation brings one block of 4\xD74 values: the first SIDE
// invocations from A, the others from B. In workgroup memory a row holds one k of all the tile's rows (columns), in
// vec4s, so that both operands are read as vec4 whatever the layout: blocks that lie the other way are turned in
// registers, and no matrix is ever transposed in memory. The block of the next step is fetched before the present
// one is multiplied, so that its loads are under way meanwhile; workgroup memory holds one step.
//
// Banks: eight neighbouring invocations store eight neighbouring vec4s (the other three blocks of four k go to the
// next groups of eight), and reads are of neighbouring vec4s or of one and the same. Nothing is padded, and the
// tile of 128 takes 16 KiB, which every WebGPU device grants.
//
// The workgroups may also divide K, into \`chunk\`s: sheet s of y [splits, M, N] is the product over the s-th of them,
// and gemm_sum.wgsl adds the sheets up. Where such a part is long itself, what BLOCK steps add up goes into a second set
// of sums, as in gemm.wgsl.

struct Params {
//#include gemm_params
  chunk: u32,
}

//#if VECTOR_A
@group(0) @binding(0) var<storage, read_write> a: array<a_t4>;
//#else
@group(0) @binding(0) var<storage, read_write> a: array<a_t>;
//#end VECTOR_A
//#if VECTOR_B
@group(0) @binding(1) var<storage, read_write> b: array<b_t4>;
//#else
@group(0) @binding(1) var<storage, read_write> b: array<b_t>;
//#end VECTOR_B
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include spread
//#include gemm_ending

// [operand, k, row (column) / 4]
var<workgroup> tile: array<vec4f, \${8 * SIDE}>;

// Four neighbours, from \`column\`, in the row of A or B that begins at \`first\`; beyond its end, some of its values.
fn four_a(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_A
  return load_a((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(a[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_A
}
fn four_b(first: u32, column: u32, columns: u32) -> vec4f {
  //#if VECTOR_B
  return load_b((first + min(column, columns - 4u)) / 4u);
  //#else
  //#repeat q 4
  let x\${q} = f32(b[first + min(column + \${q}u, columns - 1u)]);
  //#end q
  return vec4f(x0, x1, x2, x3);
  //#end VECTOR_B
}

// The same of a matrix of so many rows and columns; beyond its last row, that one.
fn four(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> vec4f {
  //#if PITCHED
  let first = min(row, rows - 1u) * select(p.b_pitch, p.a_pitch, of_a) + select(p.b_first, p.a_first, of_a);
  //#else
  let first = min(row, rows - 1u) * columns;
  //#end PITCHED
  if (of_a) { return four_a(first, column, columns); }
  return four_b(first, column, columns);
}

fn block_of(of_a: bool, row: u32, column: u32, rows: u32, columns: u32) -> mat4x4f {
  return mat4x4f(
    four(of_a, row, column, rows, columns), four(of_a, row + 1u, column, rows, columns),
    four(of_a, row + 2u, column, rows, columns), four(of_a, row + 3u, column, rows, columns));
}

// A block as it is stored: four rows of op(A) or columns of op(B), from \`side\`, by four k.
fn fetch(of_a: bool, side: u32, k: u32) -> mat4x4f {
  if (of_a) {
    //#if TN
    return block_of(true, k, side, p.k, p.m);
    //#else
    return block_of(true, side, k, p.m, p.k);
    //#end TN
  }
  //#if NT
  return block_of(false, side, k, p.n, p.k);
  //#else
  return block_of(false, k, side, p.k, p.n);
  //#end NT
}

// A fetched block with one k a column.
fn turn(of_a: bool, block: mat4x4f) -> mat4x4f {
  //#if NT
  return transpose(block);
  //#elif TN
  return block;
  //#else
  if (of_a) { return transpose(block); }
  return block;
  //#end NT
}

@compute @workgroup_size(\${WORKGROUP})
fn gemm_tiled(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  // Tiles go in bands of eight rows of tiles, column by column: what runs at one time shares rows and columns.
  let across = (p.n + \${SIDE - 1}u) / \${SIDE}u;
  let down = (p.m + \${SIDE - 1}u) / \${SIDE}u;
  let index = group_index(group, groups);
  let sheet = index / (across * down);
  let first = sheet * p.chunk;
  if (first >= p.k) { return; }
  let end_k = min(p.k, first + p.chunk);
  let at = index % (across * down);
  let band = at / (8u * across);
  let high = min(8u, down - 8u * band);
  let inside = at % (8u * across);
  let tile_row = (8u * band + inside % high) * \${SIDE}u;
  let tile_column = (inside / high) * \${SIDE}u;

  // What this invocation brings.
  let of_a = i < \${SIDE}u;
  let block_k = 4u * (i / 8u % 4u);
  let block_side = i % \${SIDE}u / 32u * 8u + i % 8u;
  let side = select(tile_column, tile_row, of_a) + 4u * block_side;
  let place = i / \${SIDE}u * \${4 * SIDE}u + block_k * \${SIDE / 4}u + block_side;
  // What it makes: VROWS \xD7 VCOLS blocks of 4\xD74, spread over the tile.
  let tx = i % \${ACROSS}u;
  let ty = i / \${ACROSS}u;

  //#repeat r ROWS
  //#repeat c VCOLS
  var y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  var block = fetch(of_a, side, first + block_k);
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  var sum\${r}_\${c} = vec4f();
  //#end c
  //#end r
  for (var start = first; start < end_k; start += \${16 * BLOCK}u) {
  for (var k = start; k < min(start + \${16 * BLOCK}u, end_k); k += 16u) {
  //#else
  for (var k = first; k < end_k; k += 16u) {
  //#end BLOCK
    workgroupBarrier(); // the step before has been read
    block = turn(of_a, block);
    //#repeat q 4
    tile[place + \${q * SIDE / 4}u] = select(vec4f(), block[\${q}], k + block_k + \${q}u < end_k);
    //#end q
    workgroupBarrier();
    if (k + 16u < end_k) { block = fetch(of_a, side, k + 16u + block_k); }
    //#repeat k 16
    //#repeat r VROWS
    let a\${k}_\${r} = tile[ty + \${k * SIDE / 4 + r * DOWN}u];
    //#end r
    //#repeat c VCOLS
    let b\${k}_\${c} = tile[tx + \${4 * SIDE + k * SIDE / 4 + c * ACROSS}u];
    //#end c
    //#repeat r ROWS
    //#repeat c VCOLS
    y\${r}_\${c} = fma(vec4f(a\${k}_\${r / 4}[\${r % 4}]), b\${k}_\${c}, y\${r}_\${c});
    //#end c
    //#end r
    //#end k
  }
  //#if BLOCK
  //#repeat r ROWS
  //#repeat c VCOLS
  sum\${r}_\${c} += y\${r}_\${c};
  y\${r}_\${c} = vec4f();
  //#end c
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  let row\${r} = tile_row + 4u * (ty + \${r / 4 * DOWN}u) + \${r % 4}u;
  //#repeat c VCOLS
  //#if BLOCK
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), sum\${r}_\${c});
  //#else
  end_sheet(sheet, row\${r}, tile_column + 4u * (tx + \${c * ACROSS}u), y\${r}_\${c});
  //#end BLOCK
  //#end c
  //#end r
}
`;var us=16;function Ga(e){return 2*e}function bp(e){return 2*e*us*4}var fk={128:{rows:8,cols:8},64:{rows:8,cols:4},32:{rows:4,cols:4}};function Ka({k:e,splits:t}){return Math.ceil(Math.ceil(e/t)/us)*us}function vp(e){return e.n%4===0&&It(e,"y")}var yp={name:"gemm_tiled",wgsl:_p,constants(e){let{layout:t,m:n,n:r,k:o,side:s}=e,{rows:i,cols:a}=fk[s];return{NT:+(t==="NT"),TN:+(t==="TN"),VECTOR_A:Number((t==="TN"?n:o)%4===0&&It(e,"a")),VECTOR_B:Number((t==="NT"?o:r)%4===0&&It(e,"b")),VECTOR:Number(vp(e)),SIDE:s,ROWS:i,VROWS:i/4,VCOLS:a/4,ACROSS:s/a,DOWN:s/i,BLOCK:as(Ka(e),us),...Zt(e,2)}},bindings:e=>["a","b",...Ct(e)],f16:["a","b",...Qt],params:e=>[...en(e),Ka(e)],workgroup:({side:e})=>Ga(e),groups({m:e,n:t,side:n,splits:r}){return L(Math.ceil(e/n)*Math.ceil(t/n)*r,1)},label:e=>`${tn(e)} tile ${e.side}${e.splits>1?` splits ${e.splits}`:""}`,operations:({m:e,n:t,k:n})=>2*e*t*n},xp={name:"gemm_sum",wgsl:wp,constants:e=>({VECTOR:Number(vp(e)),...Zt(e,1)}),bindings:e=>["partial",...Ct(e)],f16:Qt,params:e=>[...en(e),e.splits],workgroup:()=>64,groups:({m:e,n:t},n)=>L(e*Math.ceil(t/4),n),label:e=>`${tn(e)} splits ${e.splits}`};function kp(e,t,{side:n,splits:r},o){let s={...t,side:n,splits:r};if(s.splits=Math.ceil(t.k/Ka(s)),s.splits===1)return e.dispatch(yp,s,o);let[i,a,...c]=o,u=e.empty([s.splits,t.m,t.n],"partial products");e.dispatch(yp,{...s,...Va(t)},[i,a,u]),e.dispatch(xp,s,[u,...c])}function Va({n:e,pitches:t}){return{...{bias:!1,save:!1,residual:!1,activation:void 0,add:!1,scale:void 0},pitches:t&&{...t,y:{row:e,first:0}}}}function ls(e,t,n){e.dispatch(xp,{...t,side:32,splits:1},n)}var dk=[{side:128,workgroups:128,excess:1.5},{side:64,workgroups:128,excess:1.5},{side:32,workgroups:0,excess:1/0}],pk=256,hk=256;function $p(e,t){if(!t.cut&&sp(t))return{form:"gemv"};if(rt("gemm",e)==="registers")return{form:"registers"};let{maxComputeInvocationsPerWorkgroup:n,maxComputeWorkgroupStorageSize:r}=e.device.limits;for(let{side:o,workgroups:s,excess:i}of dk){if(Ga(o)>n||bp(o)>r)continue;let a=Math.ceil(t.m/o)*Math.ceil(t.n/o),c=mk(a,t,e.largestBinding);if(!(a*c<s||a*o*o>i*t.m*t.n))return{form:"tiled",side:o,splits:c}}return{form:"registers"}}function mk(e,{m:t,n,k:r},o){if(r<2*Math.min(t,n))return 1;let s=Math.min(Math.floor(r/hk),Math.floor(o/(4*t*n)));return Math.max(1,Math.min(Math.ceil(pk/e),s))}function fe(e,t,n,r,o,s={},i,a={}){let[c,u]=Ha(n,a.a),[l,f]=Ha(r,a.b),[d,p]=Ha(o,a.y),h=t==="TN"?u:c,m=t==="TN"?c:u,g=t==="NT"?l:f;if(m!==(t==="NT"?f:l)||(a.y?d!==h||p!==g:o.size!==h*g))throw new Error(`gemm ${t}: shapes do not fit: A [${n.shape}], B [${r.shape}], Y [${o.shape}]`);let{bias:_,save:b,residual:v,activation:x,add:S=!1,scale:O}=s,R={layout:t,m:h,n:g,k:m,bias:!!_,save:!!b,residual:!!v,activation:x,add:S,scale:O},T=i??$p(e.gpu,{...R,cut:Object.keys(a).length>0}),M={a:n,b:r,y:o,others:[b,v].filter(ue=>ue!==void 0),columns:a},[Z,ee]=T.form==="tiled"?[1/0,T.splits]:[hp,1],ot=up(R,M,e.gpu.largestBinding,Z,ee),Ce=x!==void 0||b!==void 0||o.dtype!=="f32",De;for(let ue of ot){let{pitches:C,...q}=lp(R,M,ue),I={...R,m:ue.m.count,n:ue.n.count,k:ue.k.count,pitches:C},k=[q.y,..._?[_]:[],...q.others],E=[q.a,q.b],A=ue.k.first===0,B=ue.k.first+ue.k.count===m;A&&B?fs(e,I,T,[...E,...k]):Ce?(A&&(De=e.empty([I.m,I.n],"sum of products")),fs(e,{...I,...Va(I),add:!A},T,[...E,De]),B&&ls(e,I,[De,...k])):A?fs(e,I,T,[...E,...k]):fs(e,{...I,...{bias:!1,residual:!1,add:!0}},T,[...E,q.y])}}function fs(e,t,n,r){n.form==="tiled"?kp(e,t,n,r):n.form==="gemv"?ip(e,t,r):gp(e,t,r)}function Ha(e,t){let[n,r]=Se(e);if(!t)return[n,r];if(t.first+t.count<=r)return[n,t.count];throw new Error(`gemm: columns ${t.first} to ${t.first+t.count} of [${e.shape}]`)}function Se(e){let t=e.shape.at(-1)??1;return[e.size/t,t]}var Ep=`// Sums over chunks of rows, read row by row as they lie in memory: the first pass of a sum over all rows
// (column_sum.wgsl makes the second).
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// A workgroup takes p.chunk rows of LANES\xB7HELD vec4 columns; lane l holds the sums of the columns l, l + LANES, \u2026.
// STEP rows a trip, added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32, across: u32 } // width in vec4; workgroups across a row

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<vec4f>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let chunk = group / p.across;
  let column = (group % p.across) * \${LANES * HELD}u + lane;
  let end = min((chunk + 1u) * p.chunk, p.rows);
  //#repeat c HELD
  let at\${c} = min(column + \${c * LANES}u, p.width - 1u);
  var sum\${c} = vec4f();
  //#end c
  for (var row = chunk * p.chunk; row < end; row += \${STEP}u) {
    //#repeat r STEP
    let start\${r} = min(row + \${r}u, end - 1u) * p.width;
    let here\${r} = row + \${r}u < end;
    //#repeat c HELD
    sum\${c} += select(vec4f(), x[start\${r} + at\${c}], here\${r});
    //#end c
    //#end r
  }
  if (chunk * p.chunk >= p.rows) { return; }
  //#repeat c HELD
  if (column + \${c * LANES}u < p.width) { partial[chunk * p.width + at\${c}] = sum\${c}; }
  //#end c
}
`;var Sp=`// Sums over chunks of rows of any width; column_parts.wgsl is faster where 4 divides it, column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of x[row, column]
//
// An invocation a column of a chunk; rows are added one after the other.

//#include spread

struct Params { rows: u32, width: u32, chunk: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<f32>;       // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<f32>; // [chunks, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_parts_any(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = 0.0;
  for (var row = first; row < end; row++) { sum += x[row * p.width + column]; }
  partial[i] = sum;
}
`;var Ap=`// Sums over rows: y[column] (+)= \u03A3 rows of x. An invocation a column; where there are many rows, they are those that
// column_parts.wgsl, column_parts_any.wgsl or norm_weight_parts.wgsl made of chunks of rows, at most 1,024 of them, which
// keeps the loop under 65,535 trips.
//
// Rows are added one after the other, four in a trip, which spares a CPU driver trips.

//#include spread
//#include elements

struct Params { rows: u32, width: u32, add: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<T>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> y: array<T>; // [width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn column_sum(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.width) { return; }
  var sum = T();
  var row = 0u;
  for (; row + 4u <= p.rows; row += 4u) {
    let at = row * p.width + i;
    sum = (((sum + x[at]) + x[at + p.width]) + x[at + 2u * p.width]) + x[at + 3u * p.width];
  }
  for (; row < p.rows; row++) { sum += x[row * p.width + i]; }
  if (p.add != 0u) { sum += y[i]; }
  y[i] = sum;
}
`;var Op=`// The gradient of a norm's weight over chunks of rows, of any width; column_sum.wgsl adds them up.
//
//   partial[chunk, column] = \u03A3 rows of the chunk of dy\xB7x\u0302,  x\u0302 = (x \u2212 mean)\xB7rstd from the stats that norm_forward.wgsl kept
//
// An invocation a column T of a chunk; rows are added one after the other.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32, chunk: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> dy: array<T>;      // [rows, width]
@group(0) @binding(1) var<storage, read_write> partial: array<T>; // [chunks, width]
@group(0) @binding(2) var<storage, read_write> x: array<X>;       // [rows, width]
@group(0) @binding(3) var<storage, read_write> stats: array<f32>; // [rows, 2] mean and rstd
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_weight_parts(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let first = (i / p.width) * p.chunk;
  if (first >= p.rows) { return; }
  let end = min(first + p.chunk, p.rows);
  var sum = T();
  for (var row = first; row < end; row++) {
    let at = row * p.width + column;
    sum += dy[at] * (T(x[at]) - stats[2u * row]) * stats[2u * row + 1u];
  }
  partial[i] = sum;
}
`;function ds(e){return e%4===0?e/4:e}var bk={name:"column_sum",wgsl:Ap,constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y"],params:({rows:e,width:t,add:n})=>[e,ds(t),Number(n)],groups:({width:e},t)=>L(ds(e),t)},vk={name:"column_parts_any",wgsl:Sp,constants:()=>({}),bindings:()=>["x","partial"],params:({rows:e,width:t,chunk:n})=>[e,t,n],groups:({rows:e,width:t,chunk:n},r)=>L(Math.ceil(e/n)*t,r)},xk={name:"norm_weight_parts",wgsl:Op,f16:["x","y"],constants:({width:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["dy","partial","x","stats"],params:({rows:e,width:t,chunk:n})=>[e,ds(t),n],groups:({rows:e,width:t,chunk:n},r)=>L(Math.ceil(e/n)*ds(t),r)};function Ja({width:e,lanes:t}){return Math.min(16,Math.ceil(e/4/t))}function Tp(e){return Math.ceil(e.width/4/(e.lanes*Ja(e)))}var kk={name:"column_parts",wgsl:Ep,constants:e=>({LANES:e.lanes,HELD:Ja(e),STEP:Ja(e)<=4?4:1}),bindings:()=>["x","partial"],params:e=>[e.rows,e.width/4,e.chunk,Tp(e)],workgroup:({lanes:e})=>e,groups:e=>L(Math.ceil(e.rows/e.chunk)*Tp(e),1)},$k=65536,Ek=4096;function nn(e,t,n,r){let[o,s]=Se(t),i=(p,h)=>e.dispatch(bk,{rows:h,width:s,add:n.add},[p,n.tensor]),a=rt("columnSum",e.gpu)==="registers",c=o<=64||a&&t.size<=$k&&o<=Ek;if(!r&&c)return i(t,o);let u=Math.max(32,Math.ceil(o/1024)),l=Math.ceil(o/u),f=e.empty([l,s],"column sums of chunks"),d={rows:o,width:s,chunk:u};r?e.dispatch(xk,d,[t,f,r.input,r.stats]):s%4!==0?e.dispatch(vk,d,[t,f]):e.dispatch(kk,{...d,lanes:a?8:32},[t,f]),i(f,l)}var Mp=`// Inverted dropout, four elements at a time: y (+)= x\xB7factor where a random number is at least \`share\`, else 0.
//
// The numbers are a function of the element (\`before\` are the vec4s before this piece), the place in the model
// (\`site\`), the step and the pass (pcg4d, Jarzynski and Olano 2020): backward draws the same again, and nothing is kept from a step to the next.

//#include spread

struct Params { count: u32, before: u32, site: u32, share: f32, factor: f32, add: u32, step_at: u32, pass_at: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

fn pcg4d(seed: vec4u) -> vec4u {
  var v = seed * 1664525u + 1013904223u;
  v += v.yzxy * v.wxyz;
  v ^= v >> vec4u(16u);
  v += v.yzxy * v.wxyz;
  return v;
}

@compute @workgroup_size(\${WORKGROUP})
fn dropout(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let vector = item_index(id, groups);
  let drawn = pcg4d(vec4u(p.before + vector, p.site, u32(scalars[p.step_at]), u32(scalars[p.pass_at])));
  let numbers = vec4f(drawn >> vec4u(8u)) / 16777216.0; // from 0 to below 1
  for (var q = 0u; q < 4u; q++) {
    let i = 4u * vector + q;
    if (i >= p.count) { return; }
    var value = 0.0;
    if (numbers[q] >= p.share) { value = f32(x[i]) * p.factor; }
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var Ak={name:"dropout",wgsl:Mp,constants:()=>({}),bindings:()=>["x","y","scalars"],f16:["x","y"],params:({count:e,before:t,site:n,share:r,add:o,stepAt:s,passAt:i})=>[e,t,n,H(r),H(1/(1-r)),Number(o),s,i],workgroup:()=>64,groups:({count:e},t)=>L(Math.ceil(e/4),t)};function Xa(e,{scalars:t,...n},r,o,s=!1){for(let{first:i,count:a}of nt(e.gpu,r.size)){let c=u=>u.view([u.size]).rows(i,a);e.dispatch(Ak,{...n,before:i/4,count:a,add:s},[c(r),c(o),t])}}function Np({a:e,parts:t}){return[e,...t.map(({b:n})=>n)]}function Ya(e,t,n,r){let[o,s]=Se(n),i=t.parts.reduce((c,{b:u})=>c+u.shape[1],0);z("low rank","A",t.a.shape,[i,s]);let a=e.empty([o,i],"low rank");return fe(e,"NT",Ip(e,t,n),t.a,a),Rp(t,({b:c,scale:u},l,f)=>{fe(e,"NT",a,c,r,{scale:u,add:!0},void 0,{a:l,y:f})}),{u:a}}function Cp(e,t,{u:n},r,o,s){let i=e.empty(n.shape,"d low rank");Rp(t,({b:u,scale:l},f,d)=>{fe(e,"NN",o,u,i,{scale:l},void 0,{a:d,y:f});let p=e.target(u);p&&fe(e,"TN",o,n,p.tensor,{scale:l,add:p.add},void 0,{a:d,b:f})});let a=e.target(t.a);if(a&&fe(e,"TN",i,Ip(e,t,r),a.tensor,{add:a.add}),!s)return;if(!t.dropout)return fe(e,"NN",i,t.a,s,{add:!0});let c=e.empty(r.shape,"d dropped");fe(e,"NN",i,t.a,c),Xa(e,t.dropout,c,s,!0)}function Ip(e,{dropout:t},n){if(!t)return n;let r=e.empty(n.shape,"dropped");return Xa(e,t,n,r),r}function Rp({parts:e},t){let n=0;for(let r of e){let[o=0,s=0]=r.b.shape;t(r,{first:n,count:s},{first:r.first,count:o}),n+=s}}var Lp=`// dx (+)= dy\xB7f'(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> dx: array<f32>;
@group(0) @binding(2) var<storage, read_write> dy: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    var value = dy[i] * derivative(f32(x[i]));
    if (p.add != 0u) { value += dx[i]; }
    dx[i] = value;
  }
}
`;var Pp=`// y = f(x), f being GELU (exact or by tanh), quick-GELU or SiLU. Four elements an invocation.

//#include spread
//#include activation_chosen

struct Params { count: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn activation(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) { y[i] = y_t(activate(f32(x[i]))); }
}
`;function jp(e,t,n){return{name:e,wgsl:t,constants:({activation:r})=>Wa(r),bindings:()=>n,f16:["x","y"],params:({count:r,add:o})=>[r,Number(o)],workgroup:()=>64,groups:({count:r},o)=>L(Math.ceil(r/4),o)}}var PL=jp("activation",Pp,["x","y"]),Mk=jp("activation_backward",Lp,["x","dx","dy"]);function Bp(e,t,n,r,o){e.dispatch(Mk,{count:n.size,activation:t,add:o.add},[n,o.tensor,r])}function Rt(e,t,n,r={}){let{bias:o,activation:s,residual:i,lowRank:a}=r,[c=0]=n.shape,[u,l]=Se(t);z("linear","weight",n.shape,[-1,l]),o&&z("linear","bias",o.shape,[c]);let f=e.result([...t.shape.slice(0,-1),c],"linear");i&&z("linear","residual",i.shape,f.shape);let d=a?Np(a):[],p=e.needsGrad(t,n,o,i,...d),h=s&&p?e.result([u,c],"pre-activation"):void 0,m={bias:o,activation:s,residual:e.apart(i,t),save:h},g;if(!a)fe(e,"NT",t,n,f,m);else if(!s&&f.dtype==="f32")fe(e,"NT",t,n,f,m),g=Ya(e,a,t,f);else{let w=e.empty([u,c],"linear in 32 bits");fe(e,"NT",t,n,w),g=Ya(e,a,t,w),Nk(e,w,f,m)}return p&&e.differentiable(f,w=>{let _=w;s&&e.gradientWanted(t,n,o,...d)&&(_=e.empty([u,c],"d pre-activation"),Bp(e,s,h,w,{tensor:_,add:!1}));let b=e.target(t);b&&fe(e,"NN",_,n,b.tensor,{add:b.add}),a&&Cp(e,a,g,t,_,b?.tensor);let v=e.target(n);v&&fe(e,"TN",_,t,v.tensor,{add:v.add});let x=e.target(o);x&&nn(e,_,x),e.pass(i,w)}),f}function Nk(e,t,n,{bias:r,activation:o,residual:s,save:i}){let[a,c]=Se(t),u={layout:"NT",n:c,k:0,bias:!!r,save:!!i,residual:!!s};for(let{first:l,count:f}of Kn(e.gpu,a,4*c)){let d=p=>p.view([a,c]).rows(l,f);ls(e,{...u,m:f,activation:o,add:!1},[d(t),d(n),...r?[r]:[],...i?[d(i)]:[],...s?[d(s)]:[]])}}var zp=`// Cuts images into patches, so that the patch embedding (a convolution whose stride is its size) is a matrix product:
// patches[i] = pixels[pixel_at(i)]. An invocation an element of the patches.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

// The pixel in [images, channels, size, size] that is the i-th value of the patches [images\xB7n, channels\xB7side\xB7side],
// n = \u230Asize/side\u230B\xB2 in reading order: the last rows and columns that
// fill no patch are left out.
fn pixel_at(i: u32) -> u32 {
  let area = p.side * p.side;
  let across = p.size / p.side;
  let cell = i / (p.channels * area);
  let channel = (i / area) % p.channels;
  let picture = cell / (across * across);
  let place = cell % (across * across);
  let y = (place / across) * p.side + (i % area) / p.side;
  let x = (place % across) * p.side + i % p.side;
  return ((picture * p.channels + channel) * p.size + y) * p.size + x;
}

@group(0) @binding(0) var<storage, read_write> pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cut_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  patches[i] = patches_t(pixels[pixel_at(i)]);
}
`;var qp=`// CLIP's vision embedding: y[image, 0] = cls + position[0], y[image, 1 + i] = patch[image, i] + position[1 + i].
// y is [images, n + 1, width]; an invocation an element. vision_embedding_patches.wgsl and vision_embedding_tables.wgsl
// are its gradients.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
@group(0) @binding(1) var<storage, read_write> patches: array<patches_t>;   // [images, n, width]
@group(0) @binding(2) var<storage, read_write> cls: array<f32>;             // [width]
@group(0) @binding(3) var<storage, read_write> position: array<position_t>; // [n + 1, width]
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * (p.n + 1u)) { return; }
  let token = row % (p.n + 1u);
  var value = f32(position[token * p.width + column]);
  if (token == 0u) {
    value += cls[column];
  } else {
    value += f32(patches[((row / (p.n + 1u)) * p.n + token - 1u) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var Dp=`// The gradient of cut_patches.wgsl: d pixels[i] (+)= d patches[patch value that the pixel is]; 0 for pixels of the last
// rows and columns that fill no patch. An invocation a pixel's value.

//#include spread

struct Params { count: u32, channels: u32, size: u32, side: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> d_pixels: array<f32>;
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn join_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let across = p.size / p.side;
  let x = i % p.size;
  let y = (i / p.size) % p.size;
  let channel = (i / (p.size * p.size)) % p.channels;
  let picture = i / (p.size * p.size * p.channels);
  var value = 0.0;
  if (x < across * p.side && y < across * p.side) {
    let cell = (picture * across + y / p.side) * across + x / p.side;
    value = d_patches[((cell * p.channels + channel) * p.side + y % p.side) * p.side + x % p.side];
  }
  if (p.add != 0u) { value += d_pixels[i]; }
  d_pixels[i] = value;
}
`;var Wp=`// d patch[image, i] = dy[image, 1 + i] of vision_embedding.wgsl; an invocation an element.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;        // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_patches: array<f32>; // [images, n, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_patches(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let row = i / p.width;
  if (row >= p.images * p.n) { return; }
  d_patches[i] = dy[((row / p.n) * (p.n + 1u) + row % p.n + 1u) * p.width + column];
}
`;var Up=`// d position[t] += \u03A3_images dy[image, t] and d cls += \u03A3_images dy[image, 0] of vision_embedding.wgsl.
// An invocation an element of the positions; one loop over the images.

//#include spread

struct Params { images: u32, n: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> dy: array<f32>;         // [images, n + 1, width]
@group(0) @binding(1) var<storage, read_write> d_cls: array<f32>;      // [width]
@group(0) @binding(2) var<storage, read_write> d_position: array<f32>; // [n + 1, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn vision_embedding_tables(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let column = i % p.width;
  let token = i / p.width;
  if (token >= p.n + 1u) { return; }
  var sum = 0.0;
  for (var image = 0u; image < p.images; image++) { sum += dy[(image * (p.n + 1u) + token) * p.width + column]; }
  d_position[i] += sum;
  if (token == 0u) { d_cls[column] += sum; }
}
`;function Fp(e,t,n){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>n,f16:["patches"],params:({count:r,channels:o,size:s,patch:i,add:a})=>[r,o,s,i,Number(a)],workgroup:()=>64,groups:({count:r},o)=>L(r,o)}}var jk=Fp("cut_patches",zp,["pixels","patches"]),Bk=Fp("join_patches",Dp,["d_pixels","d_patches"]);function ps(e,t){return Math.floor(e/t)}function Qa(e,t,n,r={}){let[o=0,s=0,i=0]=t.shape,[a=0,,c=1]=n.shape;if(z("patch embedding","weight",n.shape,[a,s,c,c]),z("patch embedding","pixels",t.shape,[o,s,i,i]),i<c)throw new Error(`patch embedding: a patch of ${c} is larger than the image, ${i}`);let u=ps(i,c)**2,l=s*c*c,f=e.result([o*u,l],"patches"),d={channels:s,size:i,patch:c,add:!1};return e.dispatch(jk,{...d,count:f.size},[t,f]),e.needsGrad(t)&&e.differentiable(f,p=>{let h=e.target(t);e.dispatch(Bk,{...d,count:t.size,add:h.add},[h.tensor,p])}),Rt(e,f,n.view([a,l]),r)}function Za(e,t,n,r){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>n,f16:["y","patches","position"],params:({images:o,n:s,width:i})=>[o,s,i],workgroup:()=>64,groups:(o,s)=>L(r(o)*o.width,s)}}var zk=Za("vision_embedding",qp,["y","patches","cls","position"],({images:e,n:t})=>e*(t+1)),qk=Za("vision_embedding_patches",Wp,["dy","d_patches"],({images:e,n:t})=>e*t),Dk=Za("vision_embedding_tables",Up,["dy","d_cls","d_position"],({n:e})=>e+1);function Kp(e,t,n,r){let[o=0,s=0]=t.shape,i=(r.shape[0]??1)-1,a=o/i;if(z("vision embedding","cls",n.shape,[s]),z("vision embedding","position",r.shape,[i+1,s]),!Number.isInteger(a))throw new Error(`vision embedding: ${o} patches are not whole images of ${i}`);let c=e.result([a*(i+1),s],"vision embedding"),u={images:a,n:i,width:s};return e.dispatch(zk,u,[c,t,n,r]),e.needsGrad(t,n,r)&&e.differentiable(c,l=>{e.assign(t,p=>e.dispatch(qk,u,[l,p]));let f=e.target(n),d=e.target(r);if(!(!f&&!d)){if(!f?.add||!d?.add)throw new Error("vision embedding: class token and positions must be parameters, both or none");e.dispatch(Dk,u,[l,f.tensor,d.tensor])}}),c}var ec={gelu:"gelu",gelu_pytorch_tanh:"gelu_tanh",gelu_new:"gelu_tanh",gelu_fast:"gelu_tanh",quick_gelu:"quick_gelu",silu:"silu",swish:"silu"},tc={image_size:224,patch_size:32,hidden_size:768,intermediate_size:3072,num_hidden_layers:12,num_attention_heads:12,layer_norm_eps:1e-5},hs={...tc,patch_size:16,layer_norm_eps:1e-6},Gp={...hs,patch_size:32,hidden_size:1152,num_attention_heads:16};function Ur(e,t,n){let r=u=>{let l=e.get(u);if(Array.isArray(l)||typeof l=="object"&&l!==null){let f=Object.values(l);if(f.length===2&&f[0]===f[1]&&Number.isInteger(f[0]))return f[0];throw e.error(`${u} must be one number, a square, found ${JSON.stringify(l).slice(0,100)}`)}return e.whole(u,n[u])},o={kind:t,image_size:r("image_size"),patch_size:r("patch_size"),num_channels:e.whole("num_channels",3),hidden_size:e.whole("hidden_size",n.hidden_size),intermediate_size:e.whole("intermediate_size",n.intermediate_size),num_hidden_layers:e.layers(n.num_hidden_layers),num_attention_heads:e.whole("num_attention_heads",n.num_attention_heads),hidden_act:e.choice("hidden_act",ec,t==="clip"?"quick_gelu":"gelu_pytorch_tanh"),layer_norm_eps:e.number("layer_norm_eps",n.layer_norm_eps),vision_use_head:e.flag("vision_use_head",t==="siglip"&&n===hs)};e.done(["vocab_size","size","max_image_size"]);let{image_size:s,patch_size:i,hidden_size:a,num_attention_heads:c}=o;if(ps(s,i)<1)throw e.error(`patch_size ${i} is larger than image_size ${s}`);if(o.num_channels!==3)throw e.error(`num_channels must be 3, found ${o.num_channels}`);if(a%c!==0)throw e.error(`${c} heads do not divide hidden_size ${a}`);return o}function ve({image_size:e,patch_size:t}){return ps(e,t)**2}function rn({vision_config:e,drop_first:t,connector:n}){let r=ve(e)+(e.kind==="clip"?1:0)-(t?1:0);return n.kind==="mlp"?r:r/n.scale**2}function Gn({vision_config:e,feature_layers:t,connector:n}){return e.hidden_size*t.length*(n.kind==="mlp"?1:n.scale**2)}function on({feature_layers:e}){return Math.max(...e)}var Wk=new Set(`_attn_implementation _attn_implementation_autoset _attn_implementation_internal _commit_hash _flash_attn_2_enabled
  _name_or_path add_cross_attention architectures attention_dropout auto_map bad_words_ids begin_suppress_tokens
  bos_token_id chunk_size_feed_forward cross_attention_hidden_size decoder_start_token_id diversity_penalty do_sample
  dropout dtype early_stopping encoder_no_repeat_ngram_size eos_token_id exponential_decay_length_penalty
  finetuning_task forced_bos_token_id forced_eos_token_id id2label initializer_factor initializer_range
  is_composition is_decoder is_encoder_decoder label2id length_penalty max_length min_length model_type
  neftune_noise_alpha no_repeat_ngram_size num_beam_groups num_beams num_return_sequences output_attentions
  output_hidden_states output_scores pad_token_id prefix pretraining_tp problem_type projection_dim pruned_heads
  remove_invalid_values repetition_penalty return_dict return_dict_in_generate sep_token_id suppress_tokens
  task_specific_params temperature tf_legacy_loss tie_encoder_decoder tie_word_embeddings tokenizer_class top_k top_p
  torch_dtype torchscript transformers_version typical_p unsloth_fixed unsloth_version use_bfloat16 use_cache`.split(/\s+/)),Ae=class{json;#e;#t=new Set;constructor(t,n,r="config.json"){if(this.#e=n===""?r:`${r}: ${n}`,typeof t!="object"||t===null||Array.isArray(t)){let o=t===void 0?"nothing":JSON.stringify(t).slice(0,200);throw new y(`${this.#e}: expected an object, found ${o}`)}this.json=t}error(t){return new y(`${this.#e}: ${t}`)}get(t){return this.#t.add(t),Object.hasOwn(this.json,t)?this.json[t]??void 0:void 0}number(t,n){let r=this.get(t)??n;if(typeof r!="number"||!Number.isFinite(r))throw this.error(`${t} must be a number, found ${JSON.stringify(r)}`);return r}whole(t,n,r=1,o=2**31-1){let s=this.number(t,n);if(Number.isInteger(s)&&s>=r&&s<=o)return s;let i=o<2**31-1?`from ${r} to ${o}`:`of at least ${r}`;throw this.error(`${t} must be a whole number ${i}, found ${s}`)}layers(t){return this.whole("num_hidden_layers",t,1,1e3)}flag(t,n){let r=this.get(t)??n;if(typeof r=="boolean")return r;throw this.error(`${t} must be true or false, found ${JSON.stringify(r)}`)}word(t,n,r){let o=this.get(t)??r;if(n.includes(o))return o;throw this.error(`${t} must be ${n.join(" or ")}, found ${JSON.stringify(o)}`)}choice(t,n,r){return n[this.word(t,Object.keys(n),r)]}only(t,n){let r=this.get(t)??n;if(r!==n)throw this.error(`${t} must be ${JSON.stringify(n)}, found ${JSON.stringify(r)}`)}done(t=[]){for(let[n,r]of Object.entries(this.json))if(!(this.#t.has(n)||Wk.has(n)||t.includes(n))&&!(r===null||r===!1)&&!(typeof r=="object"&&Object.keys(r).length===0))throw this.error(`the field ${JSON.stringify(n)} is not known (${JSON.stringify(r).slice(0,100)}). If it does not change what the model computes, take it out; otherwise this model needs code that is not here`)}};var Vp=`// Rotary position embedding, Llama's half-split form: in each of the first \`rotated\` heads of a row, the pair
// (i, i + D/2) turns by the angle position\xB7theta^(\u22122i/D), looked up in a table.
// The other heads are copied. Backward turns the other way (sign \u22121). An invocation a pair of T: four pairs where
// D/2 is a multiple of 4. The table holds the cosines of a position, then its sines: [positions, 2, D/2].

//#include spread
//#include stored_elements

struct Params { rows: u32, heads: u32, rotated: u32, half: u32, sign: f32 } // half in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;            // [rows, heads\xB7D]
@group(0) @binding(1) var<storage, read_write> y: array<Y>;            // [rows, heads\xB7D]
@group(0) @binding(2) var<storage, read_write> positions: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> table: array<T>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn rope(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pair = item_index(id, groups);
  let head_row = pair / p.half;
  let row = head_row / p.heads;
  if (row >= p.rows) { return; }
  let i = pair % p.half;
  let at = head_row * 2u * p.half + i;
  let a = T(x[at]);
  let b = T(x[at + p.half]);
  if (head_row % p.heads >= p.rotated) {
    y[at] = Y(a);
    y[at + p.half] = Y(b);
    return;
  }
  let entry = 2u * u32(positions[row]) * p.half + i;
  let c = table[entry];
  let s = p.sign * table[entry + p.half];
  y[at] = Y(a * c - b * s);
  y[at + p.half] = Y(b * c + a * s);
}
`;var Fk={name:"rope",wgsl:Vp,constants:({half:e})=>({VECTOR:+(e%4===0)}),bindings:()=>["x","y","positions","table"],f16:["x","y"],params:({rows:e,heads:t,rotated:n,half:r,sign:o})=>[e,t,n,r/Hp(r),H(o)],workgroup:()=>64,groups:({rows:e,heads:t,half:n},r)=>L(e*t*n/Hp(n),r)};function Hp(e){return e%4===0?4:1}function Jp(e,t,n,r,o,s){let[i=0,a=0]=t.shape,c=a/o/2;if(!Number.isInteger(c))throw new Error(`rope: ${o} heads of even size do not fill rows of ${a}`);if(s>o)throw new Error(`rope: ${s} of ${o} heads cannot turn`);z("rope","positions",n.shape,[i]),z("rope","table",r.shape,[-1,2,c]);let u=e.result(t.shape,"rope"),l=(f,d,p)=>e.dispatch(Fk,{rows:i,heads:o,rotated:s,half:c,sign:p},[f,d,n,r]);return l(t,u,1),e.needsGrad(t)&&e.differentiable(u,f=>e.assign(t,d=>l(f,d,-1))),u}var Xp=["default","linear","llama3"];function Kk(e,t){if(t.type==="default")return e;let{factor:n}=t;if(t.type==="linear")return e/n;let{low:r,high:o,original:s}=t,i=(s*e/(2*Math.PI)-r)/(o-r),a=Math.min(1,Math.max(0,i));return(1-a)*e/n+a*e}function Yp(e,t,n,r={type:"default"}){let o=t/2,s=Array.from({length:o},(a,c)=>Kk(n**(-2*c/t),r)),i=new Float32Array(e*o*2);for(let a=0;a<e;a++)for(let c=0;c<o;c++){let u=a*s[c];i[2*a*o+c]=Math.cos(u),i[(2*a+1)*o+c]=Math.sin(u)}return i}function Qp(e,t){let n=e.get("rope_theta"),r=e.get("rope_parameters"),o=e.get("rope_scaling"),s=r===void 0?"rope_scaling":"rope_parameters",i=new Ae(r??o??{},`text_config: ${s}`),a=i.get("type"),c=i.word("rope_type",Xp,a??"default");i.only("partial_rotary_factor",1);let u=i.number("rope_theta",typeof n=="number"?n:1e4);if(!(u>0))throw i.error(`rope_theta must be above 0, found ${u}`);let f=(()=>{if(c==="default")return{type:c};let d=i.number("factor",0);if(!(d>=1))throw i.error(`factor must be a number of at least 1, found ${JSON.stringify(i.get("factor"))}`);if(c==="linear")return{type:c,factor:d};let p=i.number("low_freq_factor",1),h=i.number("high_freq_factor",4);if(!(p>0&&h>p))throw i.error(`expected 0 < low_freq_factor < high_freq_factor, found ${p} and ${h}`);return{type:c,factor:d,low:p,high:h,original:i.whole("original_max_position_embeddings",t)}})();return i.done(["original_max_position_embeddings","max_position_embeddings"]),{theta:u,scaling:f}}var Zp={llama:{vocab:32e3,mlp:11008,keyValueHeads:void 0,positions:2048,bias:"asked"},mistral:{vocab:32e3,mlp:14336,keyValueHeads:8,positions:131072,bias:"none"},qwen2:{vocab:151936,mlp:22016,keyValueHeads:32,positions:32768,bias:"qkv"}},Gk=["max_window_layers","layer_types","is_llama_config","perceiver_config","pixel_shuffle_factor","qk_layer_norms","use_resampler"];function ms(e,t){let n=e.word("model_type",Object.keys(Zp),"llama"),r=Zp[n];e.word("hidden_act",["silu","swish"],"silu");let o=e.whole("num_attention_heads",32),s=e.whole("hidden_size",4096),i=Vk(e,n),a=e.whole("max_position_embeddings",r.positions),c=Qp(e,a),u=e.get("pad_token_id")===void 0?void 0:e.number("pad_token_id",-1),l=e.whole("vocab_size",r.vocab),f={vocab_size:l,hidden_size:s,intermediate_size:e.whole("intermediate_size",r.mlp),num_hidden_layers:e.layers(32),num_attention_heads:o,num_key_value_heads:e.whole("num_key_value_heads",r.keyValueHeads??o),head_dim:e.whole("head_dim",s/o),max_position_embeddings:Math.min(a,i),rms_norm_eps:e.number("rms_norm_eps",t.eps),rope_theta:c.theta,rope_scaling:c.scaling,tie_word_embeddings:t.tiedBySection&&e.flag("tie_word_embeddings",!1)||t.tied,attention_bias:r.bias==="asked"?e.flag("attention_bias",!1)?"all":"none":r.bias,mlp_bias:r.bias==="asked"&&e.flag("mlp_bias",!1),padding:u!==void 0&&u<0?l+u:u};if(e.done(Gk),f.head_dim%2!==0)throw e.error(`head_dim must be even, since RoPE turns pairs, found ${f.head_dim}`);if(o%f.num_key_value_heads!==0)throw e.error(`${f.num_key_value_heads} key-value heads do not divide ${o} heads`);return f}function Vk(e,t){let n=e.get("sliding_window")===void 0?1/0:e.whole("sliding_window",4096);return t==="mistral"?"sliding_window"in e.json?n:4096:e.flag("use_sliding_window",!1)?n:1/0}var Hk=["idefics3_vision","idefics3","smolvlm_vision","siglip_vision_model"],nc={names:{vision:"model.vision_model",projector:"model.connector",language:"model.text_model",head:"lm_head.weight"},config(e){let t=new Ae(e.get("vision_config")??{},"vision_config");t.word("model_type",Hk,"idefics3_vision"),t.only("vision_use_head",!1);let n=Ur(t,"siglip",Gp),r=e.get("text_config"),o={model_type:e.word("model_type",["idefics3","smolvlm"],"idefics3"),image_token_id:e.whole("image_token_id",128257,0),vision_config:n,feature_layers:[n.num_hidden_layers],post_norm:!0,drop_first:!1,connector:{kind:"pixel-shuffle",scale:e.whole("scale_factor",2)},text_config:ms(new Ae(r??{},"text_config"),{eps:r===void 0?1e-5:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!1})};return e.done(["_pad_token_id","image_seq_len","vocab_size","hidden_size","qk_layer_norms"]),o},plainName:e=>e.replace(/^(vision_model|connector|text_model)\./,"model.$1."),moduleName:e=>e};var Jk={image_size:336,patch_size:14,hidden_size:1024,intermediate_size:4096,num_hidden_layers:24,num_attention_heads:16},eh={names:{vision:"vision_tower.vision_model",projector:"multi_modal_projector",language:"language_model.model",head:"language_model.lm_head.weight"},config(e){let t=Xk(new Ae(e.get("vision_config")??Jk,"vision_config")),n=ms(new Ae(e.get("text_config")??{},"text_config"),{eps:1e-6,tied:e.flag("tie_word_embeddings",!1),tiedBySection:!0}),r=e.get("vision_feature_layer")??-2,o=(Array.isArray(r)?r:[r]).map(i=>{if(typeof i!="number"||!Number.isInteger(i))throw e.error(`vision_feature_layer must be a whole number or a list of them, found ${JSON.stringify(r)}`);return i<0?t.num_hidden_layers+1+i:i});if(o.length===0)throw e.error("vision_feature_layer: expected at least one layer, found none");let s={model_type:"llava",image_token_id:e.whole("image_token_index",e.whole("image_token_id",32e3,0),0),vision_config:t,feature_layers:o,post_norm:!1,drop_first:e.word("vision_feature_select_strategy",["default","full"],"default")==="default",connector:{kind:"mlp",activation:e.choice("projector_hidden_act",ec,"gelu"),bias:e.flag("multimodal_projector_bias",!0)},text_config:n};return e.done(["image_seq_length","ignore_index","vocab_size"]),s},plainName:e=>e.replace(/^model\.(vision_tower|multi_modal_projector|language_model)\./,"$1.").replace(/^vision_tower\.(?!vision_model\.)/,"vision_tower.vision_model.").replace(/^language_model\.(?!model\.|lm_head)/,"language_model.model.").replace(/^lm_head\./,"language_model.lm_head."),moduleName:e=>e.replace(/^vision_tower\.vision_model\./,"model.vision_tower.").replace(/^multi_modal_projector\./,"model.multi_modal_projector.").replace(/^language_model\.model\./,"model.language_model.").replace(/^language_model\.lm_head\./,"lm_head.")};function Xk(e){return e.word("model_type",["clip_vision_model","siglip_vision_model"],"clip_vision_model")==="clip_vision_model"?Ur(e,"clip",tc):Ur(e,"siglip",hs)}var gs={llava:eh,idefics3:nc,smolvlm:nc};function Lt(e){let t=new Ae(e,""),n={...th(t.word("model_type",Object.keys(gs),"llava")).config(t),json:t.json},{num_hidden_layers:r}=n.vision_config;for(let i of n.feature_layers)if(!(i>=0&&i<=r))throw t.error(`vision_feature_layer: the tower has ${r} layers, so ${JSON.stringify(t.json.vision_feature_layer)} does not exist`);let{connector:o}=n,s=Math.sqrt(ve(n.vision_config));if(o.kind==="pixel-shuffle"&&s%o.scale!==0)throw t.error(`scale_factor ${o.scale} does not divide the ${s} patches of a side`);return n}function xe(e){return th(e.model_type)}function th(e){let t=gs[e];if(!t)throw new y(`config.json: model_type must be ${Object.keys(gs).join(" or ")}, found "${e}"`);return t}var rc={temperature:1,topK:50,topP:1},Yk=new Set(["bos_token_id","pad_token_id","decoder_start_token_id","eos_token_id","use_cache","cache_implementation","do_sample","temperature","top_k","top_p","repetition_penalty","max_new_tokens","max_length","output_attentions","output_hidden_states","output_scores","output_logits","return_dict_in_generate","cache_config","compile_config","disable_compile","max_cache_len","low_memory","prefill_chunk_size","early_stopping","length_penalty","remove_invalid_values","renormalize_logits","diversity_penalty"]),Qk=2**31-1,nh={num_beams:1,num_beam_groups:1,num_return_sequences:1,typical_p:1,epsilon_cutoff:0,eta_cutoff:0,encoder_repetition_penalty:1,guidance_scale:1,penalty_alpha:0,min_p:0};function Zk(e,t){return t===null||t===!1||Yk.has(e)||e.startsWith("_")||e.endsWith("_version")||/assistant|lookbehind|lookup/.test(e)?!0:e in nh?t===nh[e]:t===0||Array.isArray(t)&&t.length===0}function rh(e){let t="generation_config.json";if(e!==void 0&&(typeof e!="object"||e===null||Array.isArray(e)))throw new y(`${t}: expected a JSON object, found ${JSON.stringify(e)}`);let n=e??{},r=(l,f,d,p)=>{let h=n[l]??f;if(typeof h=="number"&&d(h))return h;throw new y(`${t}: expected ${l} to be ${p}, found ${JSON.stringify(h)}`)},o=l=>f=>Number.isSafeInteger(f)&&f>=l,s=n.do_sample===!0,i=r("temperature",rc.temperature,l=>l>=0,"a number of at least 0"),a=r("top_k",rc.topK,o(0),"a whole number of at least 0"),c=r("top_p",rc.topP,l=>l>=0&&l<=1,"a number between 0 and 1"),u=r("max_new_tokens",1,o(1),"a whole number of at least 1");return{stops:ws(n.eos_token_id,`${t}: eos_token_id`),defaults:{...s?{temperature:i,topK:a,topP:c}:{temperature:0,topK:0,topP:1},repetitionPenalty:r("repetition_penalty",1,l=>l>0,"a number above 0"),maxNewTokens:n.max_new_tokens===void 0||n.max_new_tokens===null?void 0:u},ignored:Object.entries(n).filter(([l,f])=>!Zk(l,f)).map(([l,f])=>`${l} ${JSON.stringify(f)}`)}}function ws(e,t){if(e==null)return[];let n=Array.isArray(e)?e:[e];if(n.every(r=>typeof r=="number"&&Number.isInteger(r)&&r>=0&&r<=Qk))return[...new Set(n)];throw new y(`${t}: expected a token id or a list of them, found ${JSON.stringify(e)}`)}var oh="generation_config.json";async function ic({folder:e,files:t,weights:n},r={}){let o=sh(t,"config.json",e),s=await Fr(e,()=>np(sc(t,"tokenizer.json"))),i=t.has(oh)?sh(t,oh,e):void 0,a=await Fr(e,()=>rh(i)),c=await Fr(e,()=>gd(t,o,s,rn(Lt(o)))),u=await Fr(e,()=>e$(a,o,c)),l=u.find(m=>s.special(m)!==void 0),f=l===void 0?c:Tf(c,{id:l,text:s.special(l)}),d=await Fr(e,()=>Af(t,o,r)),p=new Map([...[...t].filter(([m])=>m!=="config.json"),...d.files()]);t$(e,o,s,d,f);let h=sc(t,"config.json");return{folder:e,files:t,weights:n,companions:p,config:o,configText:h,tokenizer:s,processor:d,format:f,stops:u,generation:a}}async function Fr(e,t){try{return await t()}catch(n){throw n instanceof y?new y(`checkpoint ${e}: ${n.message}`):n}}function e$({stops:e},t,n){let r=[e,ws(t.eos_token_id,"config.json: eos_token_id"),ws(oc(t,"text_config","eos_token_id"),"config.json: text_config.eos_token_id")].find(s=>s.length>0)??[],o=new Set([...r,...n.stops]);if(o.size>0)return[...o];throw new y(`expected a token that ends an answer: eos_token_id in generation_config.json, or one in ${n.name}; found neither. Add eos_token_id to generation_config.json`)}function t$(e,t,n,r,o){let s=[["vision_config.image_size",oc(t,"vision_config","image_size"),"the settings of its pictures",r.size],["the image's token",t.image_token_id??t.image_token_index,"tokenizer.json, the id of the image's token",o.imageId]];for(let[a,c,u,l]of s)if(!(typeof c!="number"||c===l))throw new y(`checkpoint ${e}: expected files of one model, but config.json has ${a} ${c}, and ${u}: ${l??"none"}. Bring back the files that were saved together`);let i=oc(t,"text_config","vocab_size");if(typeof i=="number"&&n.vocabSize>i)throw new y(`checkpoint ${e}: expected a tokenizer of at most ${i} tokens (vocab_size in config.json), found ${n.vocabSize} in tokenizer.json. Bring back the files that were saved together`)}function oc(e,t,n){let r=e[t];return typeof r=="object"&&r!==null?r[n]:void 0}function sc(e,t){return new TextDecoder().decode(e.get(t))}function sh(e,t,n){try{let r=JSON.parse(sc(e,t));if(typeof r=="object"&&r!==null&&!Array.isArray(r))return r;throw new Error(Array.isArray(r)?"a list":`${r}`)}catch(r){let o=r instanceof Error?r.message:String(r);throw new y(`${n}/${t}: expected a JSON object, found: ${o}`)}}var ih=["tokenizer.json","preprocessor_config.json","generation_config.json","tokenizer_config.json","special_tokens_map.json","processor_config.json","chat_template.jinja","chat_template.json","video_preprocessor_config.json","added_tokens.json","vocab.json","merges.txt","tokenizer.model"];function ah(e,t=""){return e.map(({name:n,size:r},o)=>({name:n,size:r,slice:(s,i)=>({arrayBuffer:()=>n$(`${t}model/${o}/${s}-${i}`)})}))}async function n$(e){let t=await fetch(e);if(t.ok)return await t.arrayBuffer();throw new ne(`expected a piece of the model from its server, found: ${await t.text()}`)}async function ch({texts:e,weights:t,models:n,served:r}){let o=new TextEncoder,s=t.map((a,c)=>la(`weights ${c+1}`,Uint8Array.fromBase64(a))),i=await Promise.all(n.map(async({name:a,files:c,weights:u,adapter:l})=>{let f=await ic({folder:a,files:new Map(Object.entries(c).map(([d,p])=>[d,o.encode(e[p])])),weights:u.map(d=>s[d])});return{name:a,checkpoint:l===void 0?f:{...f,adapter:{config:e[l.config],weights:s[l.weights]}}}}));return r===void 0?i:[...i,{name:r.name,checkpoint:await r$(ah(r.files))}]}var _s="adapter_config.json",ys="adapter_model.safetensors";async function r$(e){let t=new Map(e.map(d=>[d.name,d])),n=new Map;for(let d of["config.json",...ih]){let p=t.get(d);p!==void 0&&n.set(d,await bs(p,0,p.size))}let r=t.has(_s)||t.has(ys);if(r&&!n.has("config.json"))throw new y(`expected a model, found a LoRA adapter alone: choose the files of the model that it adapts (config.json, tokenizer.json, model.safetensors and so on) together with ${_s} and ${ys}`);let o=["config.json","tokenizer.json"].find(d=>!n.has(d));if(o!==void 0)throw new y(`expected the files of a checkpoint's folder, found no ${o} among ${e.length}; choose all of them together`);let s=await sf(new Set(t.keys()),async()=>{let d=t.get(Ze);return new TextDecoder().decode(await bs(d,0,d.size))}),i=d=>({name:d.name,size:d.size,read:(p,h)=>bs(d,p,h)}),a=s.map(d=>i(t.get(d))),c=await ic({folder:"opened files",files:n,weights:a});if(!r)return c;let[u,l]=[t.get(_s),t.get(ys)];if(u===void 0||l===void 0)throw new y(`expected both ${_s} and ${ys} of a LoRA adapter, found one of them; choose both`);let f=new TextDecoder().decode(await bs(u,0,u.size));return{...c,adapter:{config:f,weights:i(l)}}}async function bs(e,t,n){return new Uint8Array(await e.slice(t,t+n).arrayBuffer())}var uh=`// Element by element, four at a time: y (+)= value, a[i], a[0] (BROADCAST) or a[i]\xB7b[i].
// One invocation a vec4; the last one may be ragged, so buffers are rounded up to 16 bytes.

//#include spread

struct Params { count: u32, value: f32, add: u32 }

@group(0) @binding(0) var<storage, read_write> y: array<y_t>;
//#if INPUTS
@group(0) @binding(1) var<storage, read_write> a: array<a_t>;
//#end INPUTS
//#if PRODUCT
@group(0) @binding(2) var<storage, read_write> b: array<b_t>;
//#end PRODUCT
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn elementwise(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let first = 4u * item_index(id, groups);
  for (var i = first; i < min(first + 4u, p.count); i++) {
    //#if PRODUCT
    var value = f32(a[i]) * f32(b[i]);
    //#elif BROADCAST
    var value = f32(a[0]);
    //#elif INPUTS
    var value = f32(a[i]);
    //#else
    var value = p.value;
    //#end PRODUCT
    if (p.add != 0u) { value += f32(y[i]); }
    y[i] = y_t(value);
  }
}
`;var s$={name:"elementwise",wgsl:uh,constants:({inputs:e,broadcast:t})=>({INPUTS:e,PRODUCT:+(e===2),BROADCAST:+(t===!0),PARAMS:e+1}),bindings:({inputs:e})=>["y","a","b"].slice(0,e+1),f16:["y","a","b"],params:({count:e,value:t,add:n})=>[e,H(t??0),Number(n)],workgroup:()=>64,groups:({count:e},t)=>L(Math.ceil(e/4),t)};function ac(e,t,n){let r=n[0].size;for(let{first:o,count:s}of nt(e.gpu,r)){let i=a=>a.size===r?a.view([r]).rows(o,s):a;e.dispatch(s$,{...t,count:s},n.map(i))}}function vs(e,t,n){ac(e,{inputs:0,add:!1,value:n},[t])}function pt(e,t,n){ac(e,{inputs:1,add:!1},[t,n])}function Kr(e,t,n){ac(e,{inputs:1,add:!0},[t,n])}function lh(e,t,n,r){let o=t.bindings(n);if(o.length!==r.length)throw new Error(`kernel ${t.name}: expected ${o.length} tensors (${o}), found ${r.length}`);let s=(t.textures?.(n)??[]).map(c=>o.indexOf(c));r.forEach((c,u)=>{if(s.includes(u))return;if(c.bytes>e.largestBinding)throw new ne(`kernel ${t.name}: ${o[u]} ("${c.slot.label}") takes ${c.bytes} bytes, over this adapter's largest binding of ${e.largestBinding}; use a smaller model or batch, or another adapter`);let l=r.findIndex((f,d)=>d>u&&!s.includes(d)&&Gt(c,f));if(!(l<0))throw new Error(`kernel ${t.name}: ${o[u]} and ${o[l]} share memory ("${c.slot.label}"), but one dispatch may not bind the same memory twice: copy one of them`)});let i=o.filter((c,u)=>r[u].f16),a=i.find(c=>!t.f16?.includes(c));if(a!==void 0){let{slot:c}=r[o.indexOf(a)];throw new Error(`kernel ${t.name}: ${a} ("${c.label}") is f16, but the kernel takes it as f32 only`)}return{name:t.name,compiled:e.pipeline(t,n,i),slices:r,textured:s,params:t.params(n),groups:t.groups(n,t.workgroup?.(n)??e.workgroup),facts:c=>({kernel:t.name,variant:[Cr(t,n),...i.length>0?[`f16 ${i}`]:[]].join(" "),bytes:r.reduce((u,{bytes:l})=>u+l,0),operations:t.operations?.(n,u=>{let l=r[o.indexOf(u)];return l&&c(l)})})}}function fh(e,t,n){let{dispatches:r,groups:o,uses:s}=t,i;for(let a=0;a<n;a++){let c;r.forEach(({compiled:{pipeline:u},groups:[l,f,d]},p)=>{s[p].copies.length>0&&(i?.end(),i=c=void 0,ph(e,t,p)),i??=e.beginComputePass(),u!==c&&i.setPipeline(c=u),i.setBindGroup(0,o[p]),i.dispatchWorkgroups(l,f,d)})}i?.end()}function dh(e,t,n,r,o){for(let s=0;s<n;s++)t.dispatches.forEach(({compiled:{pipeline:i},groups:[a,c,u],facts:l},f)=>{ph(e,t,f);let d=e.beginComputePass(r.time(l(o)));d.setPipeline(i),d.setBindGroup(0,t.groups[f]),d.dispatchWorkgroups(a,c,u),d.end()});r.end(e)}function ph(e,{uses:t,arena:n,textures:r},o){for(let{slice:{slot:s,offset:i,bytes:a},texture:c}of t[o].copies)Gl(e,s.buffer??n,s.offset+i,a,r[c])}function cc(e){let t=new Array(e.length).fill(0),n=e.map((s,i)=>i).sort((s,i)=>e[i].bytes-e[s].bytes||s-i),r=[],o=0;for(let s of n){let i=e[s],a=Math.ceil(i.bytes/256)*256,c=0;for(let l of r)if(!(l.last<i.first||l.first>i.last)){if(l.offset>=c+a)break;c=Math.max(c,l.end)}t[s]=c,o=Math.max(o,c+a);let u=r.findIndex(l=>l.offset>c);r.splice(u<0?r.length:u,0,{offset:c,end:c+a,...i})}return{offsets:t,total:o}}function uc(e){let t=new Map;for(let{bytes:o,first:s,last:i}of e){let a=Math.ceil(o/256)*256;t.set(s,(t.get(s)??0)+a),t.set(i+1,(t.get(i+1)??0)-a)}let n=0,r=0;for(let o of[...t.keys()].sort((s,i)=>s-i))r=Math.max(r,n+=t.get(o));return r}var Vn=class{gpu;#e=[];#t=new Map;#n=new Set;constructor(t){this.gpu=t}get length(){return this.#e.length}slot(t,n){return{label:n,bytes:Math.max(4,t),offset:0}}input(t,n,r){if(this.#t.has(t))throw new Error(`program input "${t}" is declared twice`);let o=this.slot(n,t);return this.#t.set(t,{slot:o,initial:r}),o}output(t){t.buffer||this.#n.add(t)}dispatch(t,n,r){this.#e.push(lh(this.gpu,t,n,r))}need(){let t=[...this.#t.values()].map(({slot:i})=>i),n=new Set([...t,...this.#n]),{pieces:r}=hh(this.#e,n),o=[...n].reduce((i,a)=>i+Math.ceil(a.bytes/256)*256,0),{needs:s}=oa(this.#e);return{arenaBytes:cc(r).total,largestNeed:uc(r),ownBytes:o+mh(this.#e)*4,textureBytes:s.reduce((i,{format:a,rows:c})=>i+c*Vt(a),0)}}compile(){return new lc(this.gpu,this.#e,this.#t,this.#n)}};function hh(e,t=new Set){let n=new Map;return e.forEach(({slices:r},o)=>{for(let{slot:s}of r){if(s.buffer||t.has(s))continue;let i=n.get(s);i?i.last=o:n.set(s,{bytes:s.bytes,first:o,last:o})}}),{slots:[...n.keys()],pieces:[...n.values()]}}function mh(e){return Math.max(64,e.length*64)}var lc=class{gpu;arenaBytes;largestNeed;#e;#t;#n=[];#r=[];#o;#i;#s;#c=new Uint8Array(0);#a;#u;constructor(t,n,r,o){this.gpu=t,this.#e=n,this.#t=r,this.#f();for(let f of o)f.buffer=t.buffer(f.bytes,f.label),f.offset=0,this.#n.push(f.buffer),this.#r.push(f.buffer);let{slots:s,pieces:i}=hh(n),{offsets:a,total:c}=cc(i);s.forEach((f,d)=>f.offset=a[d]),this.arenaBytes=c,this.largestNeed=uc(i),this.#o=this.#d();let{needs:u,uses:l}=oa(n);this.#i=u,this.#s=l}get length(){return this.#e.length}#f(){let t=0;for(let{slot:n}of this.#t.values())n.offset=t,t+=Math.ceil(n.bytes/256)*256;if(t!==0){this.#a=this.gpu.buffer(t,"inputs"),this.#n.push(this.#a),this.#c=new Uint8Array(t);for(let{slot:n,initial:r}of this.#t.values())n.buffer=this.#a,r&&this.#c.set(new Uint8Array(r.buffer,r.byteOffset,r.byteLength),n.offset);this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}}#d(){let t=new Uint32Array(mh(this.#e));this.#e.forEach(({params:o},s)=>{o.forEach((i,a)=>t[s*64+a]=i)});let n=GPUBufferUsage.UNIFORM|GPUBufferUsage.STORAGE|GPUBufferUsage.COPY_DST,r=this.gpu.buffer(t.byteLength,"params",n);return this.gpu.device.queue.writeBuffer(r,0,t),this.#n.push(r),r}#l(){let t=this.gpu.arena(this.arenaBytes),n=this.gpu.textures(this.#i),r=this.#u;if(r?.arena===t&&n.every((i,a)=>i===r.textures[a]))return r;let o=n.map(i=>i.createView()),s=this.#e.map(({name:i,compiled:{layout:a},slices:c,params:u},l)=>this.gpu.device.createBindGroup({label:i,layout:a,entries:[...c.map(({slot:f,offset:d,bytes:p},h)=>{let m=this.#s[l].textures[h];if(m!==void 0)return{binding:h,resource:o[m]};let g=f.buffer??t,w=Math.max(16,Math.ceil(p/16)*16);return{binding:h,resource:{buffer:g,offset:f.offset+d,size:w}}}),{binding:c.length,resource:{buffer:this.#o,offset:l*256,size:Math.max(16,Math.ceil(u.length/4)*16)}}]}));return this.#u={dispatches:this.#e,groups:s,uses:this.#s,textures:n,arena:t}}upload(t){for(let[n,r]of Object.entries(t)){let o=this.#t.get(n)?.slot;if(!o)throw new Error(`program has no input "${n}"; it has ${[...this.#t.keys()].join(", ")}`);if(r.byteLength>o.bytes)throw new Error(`input "${n}": expected at most ${o.bytes} bytes, found ${r.byteLength}`);this.#c.set(new Uint8Array(r.buffer,r.byteOffset,r.byteLength),o.offset)}this.#a&&this.gpu.device.queue.writeBuffer(this.#a,0,this.#c)}poison(){let{queue:t}=this.gpu.device,n=new Uint32Array(1<<18).fill(2143322048);for(let r of[this.gpu.arena(this.arenaBytes),...this.#r])for(let o=0;o<r.size;o+=n.byteLength)t.writeBuffer(r,o,n,0,Math.min(n.byteLength,r.size-o)/4)}run(t=1){this.gpu.check();let n=this.#l(),r=this.gpu.device.createCommandEncoder(),{profiler:o}=this.gpu;o?dh(r,n,t,o,this.#p()):fh(r,n,t),this.gpu.device.queue.submit([r.finish()])}#p(){let t=new Set([...this.#t.values()].map(({slot:n})=>n));return({slot:n,offset:r,bytes:o})=>t.has(n)?new Int32Array(this.#c.buffer,n.offset+r,o/4):void 0}destroy(){for(let t of this.#n)this.gpu.release(t);this.#n.length=0}};var we=class{gpu;storage;#e;#t;#n=[];#r=new Map;#o=new Set;#i;#s=!0;#c=0;constructor(t,{storage:n="f32",checkpoint:r=!1}={}){sn(t,n),this.gpu=t,this.storage=n,this.#e=r,this.#t=new Vn(t)}get length(){return this.#t.length}input(t,n,r="f32"){return new G(n,r,this.#t.input(t,he(n)*ie[r]))}constant(t,n=[t.length]){let r=`constant ${this.#c++}`,o=t instanceof Int32Array?"i32":"f32";return new G(n,o,this.#t.input(r,t.byteLength,t))}empty(t,n,r="f32"){return new G(t,r,this.#t.slot(he(t)*ie[r],n))}result(t,n){return this.empty(t,n,this.storage)}dispatch(t,n,r){this.#t.dispatch(t,n,r.map(o=>o.slice))}noGrad(t){let n=this.#s;this.#s=!1;try{return t()}finally{this.#s=n}}checkpoint(t){if(!this.#e||!this.#s)return t();let n=this.#n;this.#n=[];let r=t();return this.#n=n,r.requiresGrad&&this.differentiable(r.origin,o=>this.#a(t,r,o)),r}#a(t,n,r){let o=this.#n;this.#n=[],this.#s=!0;let s=t();this.#s=!1,this.#r.delete(n.origin),this.#r.set(s.origin,r),this.#u(),this.#n=o}needsGrad(...t){return this.#s&&t.some(n=>n?.requiresGrad)}gradientWanted(...t){return t.some(n=>n?.requiresGrad)}differentiable(t,n){t.requiresGrad=!0,this.#n.push({output:t,backward:n})}backward(t,n){if(!t.requiresGrad)throw new Error("backward: the loss does not depend on a tensor that requires a gradient");if(!n){if(t.size!==1)throw new Error(`backward: the loss must be a scalar, found shape [${t.shape}]`);n=this.empty(t.shape,"seed"),vs(this,n,1)}this.#r.set(t.origin,n),this.#i=n,this.noGrad(()=>this.#u()),this.#n.length=0}#u(){for(let{output:t,backward:n}of this.#n.reverse()){let r=this.#r.get(t);r&&(this.#o.clear(),r===this.#i&&this.#o.add(r),n(r),r!==this.#i&&this.#o.has(r)&&this.#r.delete(t))}}gradient(t){return t.gradient??ks(this.#r.get(t.origin),t.shape)}target(t){if(!t?.requiresGrad)return;if(t.gradient)return{tensor:t.gradient,add:!0};let n=ks(this.#r.get(t.origin),t.shape);if(n)return{tensor:n,add:!0};let r=this.empty(t.shape,`d ${t.slot.label}`);return this.#r.set(t.origin,ks(r,t.origin.shape)),{tensor:r,add:!1}}assign(t,n){let r=this.target(t);if(!r)return;if(!r.add)return n(r.tensor);let o=this.empty(r.tensor.shape,`part of d ${t.slot.label}`);n(o),Kr(this,r.tensor,o)}pass(t,n){if(!t?.requiresGrad)return;if(!t.gradient&&!this.#r.has(t.origin)&&!this.#o.has(n)){this.#o.add(n),this.#r.set(t.origin,ks(n,t.origin.shape));return}let r=this.target(t);if(!r.add)return pt(this,r.tensor,n);Kr(this,r.tensor,this.apart(n,r.tensor))}apart(t,n){if(!t||!Gt(t.slice,n.slice))return t;let r=this.empty(t.shape,`copy of ${t.slot.label}`,t.dtype);return pt(this,r,t),r}output(t){return this.#t.output(t.slot),t}need(){return this.#t.need()}compile(){return this.#t.compile()}};function ks(e,t){return e?.shape.length===t.length&&e.shape.every((r,o)=>r===t[o])?e:e?.view(t)}function sn(e,t){if(!(t==="f32"||e.device.features.has("shader-f16")))throw new y(`f16 storage needs the WebGPU feature shader-f16, which this adapter (${e.facts.description}) does not offer; store in f32, or choose another adapter`)}var wh=4096,Gr=wh/2,i$=200,Hn=class{#e;#t=[];#n=[];#r=[];#o=1;constructor(t){fc(t),this.#e=t}async calibrate(){let t=await this.#i();await new Promise(o=>setTimeout(o,i$));let n=await this.#i(),r=(n.ms-t.ms)*1e6/Number(n.tick-t.tick);if(this.#o=Math.abs(r-1)<1/3?1:r,!(r>0&&Number.isFinite(r)))throw new y(`profiling needs a clock on the device, but this adapter's timestamps do not move (${t.tick}, then ${n.tick}); leave profiling out or choose another adapter`)}async#i(){let t=this.#e.createCommandEncoder();return t.beginComputePass(this.time({kernel:"",variant:"",bytes:0,operations:0})).end(),this.end(t),this.#e.queue.submit([t.finish()]),{tick:(await gh(this.#r.pop()))[1],ms:performance.now()}}time(t){let n=this.#n.push(t)-1,r=Math.floor(n/Gr),o=2*(n%Gr);return{timestampWrites:{querySet:this.#t[r]??=this.#e.createQuerySet({type:"timestamp",count:wh,label:`timestamps ${r}`}),beginningOfPassWriteIndex:o,endOfPassWriteIndex:o+1}}}end(t){let n=this.#n;if(this.#n=[],n.length===0)return;let r=n.length*16,{QUERY_RESOLVE:o,COPY_SRC:s,COPY_DST:i,MAP_READ:a}=GPUBufferUsage,c=this.#e.createBuffer({size:r,usage:o|s,label:"timestamps"}),u=this.#e.createBuffer({size:r,usage:a|i,label:"timestamps"});for(let l=0;l<n.length;l+=Gr){let f=2*Math.min(Gr,n.length-l);t.resolveQuerySet(this.#t[l/Gr],0,f,c,l*16)}t.copyBufferToBuffer(c,0,u,0,r),this.#r.push({dispatches:n,staging:u})}async read(){let t=this.#r;this.#r=[];let n=new Map;for(let r of t){let o=await gh(r);r.dispatches.forEach((s,i)=>{a$(n,s,Number(o[2*i+1]-o[2*i])*this.#o/1e6)})}return{rows:[...n.values()].sort((r,o)=>o.ms-r.ms),runs:t.length}}destroy(){for(let t of this.#t)t.destroy();for(let{staging:t}of this.#r)t.destroy();this.#r=[]}};function fc({features:e}){if(!e.has("timestamp-query"))throw new y("profiling needs the WebGPU feature timestamp-query, which this adapter does not offer; leave profiling out or choose another adapter")}async function gh({staging:e}){await e.mapAsync(GPUMapMode.READ);let t=new BigUint64Array(e.getMappedRange().slice(0));return e.destroy(),t}function a$(e,t,n){let{kernel:r,variant:o,bytes:s,operations:i=null}=t,a=`${r} ${o}`,c=e.get(a)??{kernel:r,variant:o,dispatches:0,ms:0,bytes:0,operations:0};c.dispatches++,c.ms+=n,c.bytes+=s,c.operations=c.operations===null||i===null?null:c.operations+i,e.set(a,c)}var _h=`// The most memory traffic that a kernel makes: y = x, EACH vec4 an invocation, neighbours side by side.

struct Params { stride: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> y: array<vec4f>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn roofline_copy(@builtin(global_invocation_id) id: vec3u) {
  //#repeat i EACH
  let v\${i} = x[id.x + \${i}u * p.stride];
  //#end i
  //#repeat i EACH
  y[id.x + \${i}u * p.stride] = v\${i};
  //#end i
}
`;var yh=`// The most arithmetic that an adapter does: CHAINS independent chains of fma, four wide, all in registers.
//
// A trip makes UNROLL fused multiply-adds of each chain, so the loop itself costs little; factor and term are parameters,
// so no compiler knows the result beforehand. The sum is written to keep the chains alive.

struct Params { trips: u32, factor: f32, term: f32 }

@group(0) @binding(0) var<storage, read_write> y: array<f32>;
@group(0) @binding(1) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn roofline_peak(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(p.factor);
  let term = vec4f(p.term);
  //#repeat i CHAINS
  var x\${i} = vec4f(f32(id.x % \${WORKGROUP}u)) + vec4f(\${i}.0, 0.25, 0.5, 0.75);
  //#end i
  for (var trip = 0u; trip < p.trips; trip++) {
    //#repeat u UNROLL
    //#repeat i CHAINS
    x\${i} = fma(x\${i}, factor, term);
    //#end i
    //#end u
  }
  var sum = vec4f();
  //#repeat i CHAINS
  sum += x\${i};
  //#end i
  y[id.x] = dot(sum, vec4f(1.0));
}
`;var Jn=64,$s=4096,bh={name:"roofline_peak",wgsl:yh,constants:({chains:e,unroll:t})=>({CHAINS:e,UNROLL:t}),bindings:()=>["y"],params:({trips:e})=>[e,H(.999),H(.5)],workgroup:()=>Jn,groups:()=>[$s,1,1],operations:({chains:e,unroll:t,trips:n})=>8*e*t*n*$s*Jn},vh={name:"roofline_copy",wgsl:_h,constants:({each:e})=>({EACH:e}),bindings:()=>["x","y"],params:({bytes:e,each:t})=>[e/16/t],workgroup:()=>Jn,groups:({bytes:e,each:t},n)=>[e/16/t/n,1,1]};var l$=[[1,16],[2,16],[3,8],[4,8],[8,8]],f$=10,d$=32768,p$=128<<20,h$=200,m$=3;async function xh(e){let t=new Hn(e.device);try{await t.calibrate();let n=kh(e),r=a=>$h(e,t,vh,{bytes:n,each:a},[n,n]),o=[await r(4),await r(8)],s=1e3*Math.max(...o.map(({bytes:a,ms:c})=>a/c)),i=Math.max(s,await w$(e));return{flops:await g$(e,t),bandwidth:i,kernelBandwidth:s}}finally{t.destroy()}}async function g$(e,t){let n=0;for(let[r,o]of l$)for(let s=64;s<=d$;s*=4){let i={chains:r,unroll:o,trips:s},{ms:a,operations:c}=await $h(e,t,bh,i,[$s*Jn*4]);if(n=Math.max(n,1e3*c/a),a>=f$)break}return n}async function w$(e){let t=kh(e),n=e.buffer(t,"roofline from"),r=e.buffer(t,"roofline to");try{for(let o=1;;o*=2){let s=e.device.createCommandEncoder();for(let c=0;c<o;c++)s.copyBufferToBuffer(n,0,r,0,t);let i=performance.now();e.device.queue.submit([s.finish()]),await e.device.queue.onSubmittedWorkDone();let a=performance.now()-i;if(a>=h$)return 1e3*2*o*t/a}}finally{e.release(n),e.release(r)}}function kh({largestBinding:e}){let t=128*Jn;return Math.floor(Math.min(p$,e)/t)*t}async function $h(e,t,n,r,o){let s=new Vn(e),i=o.map((c,u)=>s.slot(c,`roofline ${u}`));for(let c of i)s.output(c);s.dispatch(n,r,i.map(c=>({slot:c,offset:0,bytes:c.bytes})));let a=s.compile();try{a.run();let c=[];for(;c.length<m$;)e.profiler=t,a.run(),e.profiler=void 0,c.push((await t.read()).rows[0]);return c.reduce((u,l)=>l.ms<u.ms?l:u)}finally{e.profiler=void 0,a.destroy()}}var _$={constant:0},y$={constant:1};function ke(e,t,n,r=1){let o={normal:r/Math.sqrt(n)};return{name:`${e}.weight`,shape:[t,n],init:o,linear:!0}}function $e(e,t){return{name:`${e}.bias`,shape:[t],init:_$}}function Xn(e,t){return[[Vr(e,t)],[$e(e,t)]]}function Vr(e,t){return{name:`${e}.weight`,shape:[t],init:y$}}function Es(e){return e.map(t=>t.map(n=>({...n,idle:!0})))}var Ss=["vision","projector","language"];function Pt(e){return[{name:"vision",bundles:b$(e)},{name:"projector",bundles:k$(e)},{name:"language",bundles:$$(e)}]}function b$(e){let{vision_config:t}=e,n=xe(e).names.vision,r=t.hidden_size,o=ve(t),s=t.kind==="clip",i={name:`${n}.embeddings.patch_embedding.weight`,shape:[r,t.num_channels,t.patch_size,t.patch_size],init:{normal:1/Math.sqrt(t.num_channels*t.patch_size**2)}},a={name:`${n}.embeddings.position_embedding.weight`,shape:[s?o+1:o,r],init:{normal:.1}},c=s?[[{name:`${n}.embeddings.class_embedding`,shape:[r],init:{normal:.02}}],[i],[a],...Xn(`${n}.pre_layrnorm`,r)]:[[i],[$e(`${n}.embeddings.patch_embedding`,r)],[a]];for(let l=0;l<t.num_hidden_layers;l++){let f=v$(e,`${n}.encoder.layers.${l}`);c.push(...l<on(e)?f:Es(f))}let u=Xn(`${n}.post_layernorm`,r);return c.push(...e.post_norm?u:Es(u)),t.vision_use_head&&c.push(...Es(x$(e,`${n}.head`))),c}function v$({vision_config:e},t){let n=e.hidden_size,r=1/Math.sqrt(2*e.num_hidden_layers),o=["q_proj","k_proj","v_proj"].map(s=>`${t}.self_attn.${s}`);return[o.map(s=>ke(s,n,n)),o.map(s=>$e(s,n)),[ke(`${t}.self_attn.out_proj`,n,n,r)],[$e(`${t}.self_attn.out_proj`,n)],...Xn(`${t}.layer_norm1`,n),[ke(`${t}.mlp.fc1`,e.intermediate_size,n)],[$e(`${t}.mlp.fc1`,e.intermediate_size)],[ke(`${t}.mlp.fc2`,n,e.intermediate_size,r)],[$e(`${t}.mlp.fc2`,n)],...Xn(`${t}.layer_norm2`,n)]}function x$({vision_config:e},t){let n=e.hidden_size,r=1/Math.sqrt(n);return[[{name:`${t}.probe`,shape:[1,1,n],init:{normal:r}}],[{name:`${t}.attention.in_proj_weight`,shape:[3*n,n],init:{normal:r}}],[{name:`${t}.attention.in_proj_bias`,shape:[3*n],init:{constant:0}}],[ke(`${t}.attention.out_proj`,n,n)],[$e(`${t}.attention.out_proj`,n)],...Xn(`${t}.layernorm`,n),[ke(`${t}.mlp.fc1`,e.intermediate_size,n)],[$e(`${t}.mlp.fc1`,e.intermediate_size)],[ke(`${t}.mlp.fc2`,n,e.intermediate_size)],[$e(`${t}.mlp.fc2`,n)]]}function k$(e){let t=xe(e).names.projector,n=Gn(e),r=e.text_config.hidden_size;if(e.connector.kind==="pixel-shuffle")return[[ke(`${t}.modality_projection.proj`,r,n)]];let o=(s,i)=>[[ke(`${t}.${s}`,r,i)],...e.connector.kind==="mlp"&&e.connector.bias?[[$e(`${t}.${s}`,r)]]:[]];return[...o("linear_1",n),...o("linear_2",r)]}function $$(e){let{text_config:t}=e,{language:n,head:r}=xe(e).names,o=t.hidden_size,s=1/Math.sqrt(2*t.num_hidden_layers),i=[[{name:`${n}.embed_tokens.weight`,shape:[t.vocab_size,o],init:{normal:.05}}]];for(let a=0;a<t.num_hidden_layers;a++){let c=`${n}.layers.${a}`,u=t.num_attention_heads*t.head_dim,l=t.num_key_value_heads*t.head_dim,f=[["q_proj",u],["k_proj",l],["v_proj",l]],d=["gate_proj","up_proj"].map(p=>`${c}.mlp.${p}`);i.push(f.map(([p,h])=>ke(`${c}.self_attn.${p}`,h,o))),t.attention_bias!=="none"&&i.push(f.map(([p,h])=>$e(`${c}.self_attn.${p}`,h))),i.push([ke(`${c}.self_attn.o_proj`,o,u,s)]),t.attention_bias==="all"&&i.push([$e(`${c}.self_attn.o_proj`,o)]),i.push(d.map(p=>ke(p,t.intermediate_size,o))),t.mlp_bias&&i.push(d.map(p=>$e(p,t.intermediate_size))),i.push([ke(`${c}.mlp.down_proj`,o,t.intermediate_size,s)]),t.mlp_bias&&i.push([$e(`${c}.mlp.down_proj`,o)]),i.push([Vr(`${c}.input_layernorm`,o)],[Vr(`${c}.post_attention_layernorm`,o)])}return i.push([Vr(`${n}.norm`,o)]),t.tie_word_embeddings||i.push([{...ke(r.replace(/\.weight$/,""),t.vocab_size,o),linear:!1}]),i}function Eh(e){let t=Math.fround,n=1/e,r=E$(e),o=t(1-1e-6),s=Array.from({length:e},(i,a)=>{let c=Math.min(t(t(a)*t(n)),o);return r.filter(u=>u<=c).length});return Int32Array.from({length:e*e},(i,a)=>s[Math.floor(a/e)]*e+s[a%e])}function E$(e){let t=1/e,n=Math.ceil((1-t)/t),r=Math.floor(n/16)*16;return Array.from({length:n},(o,s)=>s>=r?Math.fround(t+t*s):Math.fround(Math.fround(t+t*(s-s%8))+s%8*t))}function Sh(e,t,n){let r=new Int32Array(e*t*t),o=t/n,s=0;for(let i=0;i<e;i++)for(let a=0;a<o;a++)for(let c=0;c<o;c++)for(let u=0;u<n*n;u++){let l=n*a+Math.floor(u/n),f=n*c+u%n;r[s++]=(i*t+l)*t+f}return r}function As(e,t){let n=new Int32Array(t*2),r=0;for(let o of e){for(let s=r;s<r+o;s++)n.set([r,r+o],2*s);r+=o}return n}var an=class{size;#e;constructor(t,n){this.size=t,this.#e=n}async read(t){let n=new Float32Array(this.size);return await this.readInto(t,n),n}async readInto(t,n){for(let{start:r,tensor:o}of this.#e){if(o.dtype==="f16"){n.set(await o.read(t),r);continue}let s=o.view([o.size]);for(let i=0;i<o.size;i+=4194304){let a=s.rows(i,Math.min(4194304,o.size-i));n.set(await a.read(t),r+i)}}}write(t,n){if(n.length!==this.size)throw new Error(`expected ${this.size} values, found ${n.length}`);for(let{start:r,tensor:o}of this.#e)o.write(t,n.subarray(r,r+o.size))}};var Be=64;function Os(e){let t=new Map,n=new Map,r=[],o=0;for(let s of e){let i=o;for(let a of s.bundles){let c=o,u=a.map(({name:f,shape:d,idle:p=!1})=>{let h={name:f,shape:d,offset:o,size:he(d),idle:p};return o+=h.size,t.set(f,h),h});o=Math.ceil(o/Be)*Be;let l=a.reduce((f,{shape:d})=>f+d[0],0);r.push({key:dc(a.map(({name:f})=>f)),module:s.name,shape:[l,...a[0].shape.slice(1)],places:u,start:c,end:o})}n.set(s.name,{start:i,end:o})}return{places:t,ranges:n,bundles:r,size:o}}function dc(e){return e.join(`
`)}var Hr=class{gpu;places;modules;size;trainable;storage;values;#e=new Map;#t=[];constructor(t,n,{trainable:r,storage:o="f32"}={}){sn(t,o),this.gpu=t,this.trainable=new Set(r??n.map(({name:l})=>l)),this.storage=o;let{places:s,ranges:i,bundles:a,size:c}=Os(n);this.places=s,this.modules=i,this.size=c;try{this.#n(a)}catch(l){throw this.destroy(),l}let u=this.#t.length>0&&a.every(({key:l})=>this.#e.get(l).segment);this.values=new an(c,u?this.#t.map(({start:l,values:f})=>({start:l,tensor:f})):a.map(({key:l,start:f})=>({start:f,tensor:this.#e.get(l).bundle.tensor})))}#n(t){let{gpu:n}=this,r=Math.floor(n.largestBuffer/4/Be)*Be,o=[],s=0,i=()=>{if(o.length===0)return;let a={start:o[0].start,values:G.of(n,[s]),runs:[]};this.#t.push(a);let c=0;for(let{key:u,module:l,places:f,shape:d,start:p,end:h}of o){let m=new G(d,"f32",a.values.slot,c*4);if(this.#e.set(u,{bundle:{module:l,places:f,tensor:m},segment:a}),this.trainable.has(l)){let g=a.runs.at(-1);g?.end===p?g.end=h:a.runs.push({start:p,end:h})}c+=h-p}o=[],s=0};for(let a of t){let{key:c,module:u,places:l,shape:f,start:d,end:p}=a,h=this.storage==="f16"&&f.length>1&&!this.trainable.has(u),m=(p-d)*(h?2:4);if(m>n.largestBuffer){let g=l.map(({name:_})=>_).join(" + "),w=this.storage==="f32"?"; --storage f16 halves what is frozen":"";throw new ne(`${g}: ${m} bytes are over this adapter's largest buffer, ${n.largestBuffer} bytes${w}`)}if(h){let g=G.of(n,f,void 0,"f16");this.#e.set(c,{bundle:{module:u,places:l,tensor:g},segment:void 0});continue}s+p-d>r&&i(),o.push(a),s+=p-d}i()}static initial(t,n,r){let o=new Float32Array(t.size);for(let s of n.flatMap(({bundles:i})=>i.flat()))o.set(pc(s,r),t.places.get(s.name).offset);return o}get bundles(){let t=({places:n})=>n[0].offset;return[...this.#e.values()].map(({bundle:n})=>n).sort((n,r)=>t(n)-t(r))}get gradients(){let t=this.#t.flatMap(({runs:n})=>n).flatMap(n=>[{start:n.start,tensor:this.#r(n)}]);return new an(this.size,t)}#r(t){return t.gradients??=G.of(this.gpu,[t.end-t.start])}stretches(t){let n=t.map(s=>{let i=this.modules.get(s);if(!i)throw new Error(`no module "${s}"; there are ${[...this.modules.keys()].join(", ")}`);if(!this.trainable.has(s))throw new Error(Ah(s,this.trainable));return i}),r=Math.min(...n.map(({start:s})=>s)),o=Math.max(...n.map(({end:s})=>s));return this.#t.flatMap(s=>s.runs.flatMap(i=>{let a=Math.max(i.start,r),c=Math.min(i.end,o);if(a>=c)return[];let u=this.#o(s,i.start),l=({slot:f},d)=>new G([c-a],"f32",f,(d+a-i.start)*4);return[{start:a,end:c,values:l(s.values,u),gradients:l(this.#r(i),0)}]}))}#o(t,n){for(let{bundle:r,segment:o}of this.#e.values())if(o===t&&r.places[0].offset===n)return r.tensor.offset/4;throw new Error(`no bundle starts at ${n}`)}tensor(t,n){let r=this.#e.get(dc(t));if(!r)throw new Error(`no parameters ${t.join(" + ")}`);let{bundle:{module:o,places:s,tensor:{shape:i,dtype:a,slot:c,offset:u}},segment:l}=r,f=new G(i,a,c,u);if(!n)return f;let d=s[0].offset,p=l?.runs.find(({start:h,end:m})=>d>=h&&d<m);if(!p)throw new Error(Ah(o,this.trainable));return f.requiresGrad=!0,f.gradient=new G(i,"f32",this.#r(p).slot,(d-p.start)*4),f}single(t){for(let{bundle:{places:n,tensor:r}}of this.#e.values()){let o=n.find(i=>i.name===t);if(!o)continue;if(r.dtype!=="f32")throw new Error(`${t} is held in 16 bits; load it in 32`);let s=4*(o.offset-n[0].offset);return new G(o.shape,"f32",r.slot,r.offset+s)}throw new Error(`no parameter ${t}`)}of(t,n){let{offset:r,size:o}=this.places.get(n);return t.subarray(r,r+o)}get count(){return[...this.places.values()].reduce((t,{size:n})=>t+n,0)}destroy(){for(let{bundle:t,segment:n}of this.#e.values())n||t.tensor.destroy(this.gpu);for(let{values:t,runs:n}of this.#t){t.destroy(this.gpu);for(let{gradients:r}of n)r?.destroy(this.gpu)}this.#e.clear(),this.#t.length=0}};function pc({name:e,shape:t,init:n},r){let o=r.fork(e);return Float32Array.from({length:he(t)},()=>"normal"in n?n.normal*o.normal():"uniform"in n?n.uniform*(2*o.next()-1):n.constant)}function Ah(e,t){return`the module ${e} has no gradients: the model was made to train ${[...t].join(", ")||"nothing"}. Load it with ${e} among \`trainable\``}var oe="lora";function ht(e){return e.replace(/\.weight$/,"")}function Oh(e,t){let n=new Map,r=[];for(let o of e.flatMap(({bundles:s})=>s)){let s=[],i=[];for(let{name:a,shape:[c=0,u=0],linear:l,idle:f}of o){let d=l&&!f?t(a):void 0;if(!d)continue;let p=ht(a),{rank:h}=d,m={...d,a:`${p}.lora_A.weight`,b:`${p}.lora_B.weight`};n.set(a,m),s.push({name:m.a,shape:[h,u],init:{uniform:1/Math.sqrt(u)}}),i.push({name:m.b,shape:[c,h],init:{constant:0}})}s.length>0&&r.push(s,...i.map(a=>[a]))}return{module:{name:oe,bundles:r},sites:n}}var Ts=class{plan;dropout;seed;scaling;#e;#t=new Map;constructor(t,n,{dropout:r,seed:o,scaling:s}){this.#e=t,this.plan=n,this.dropout=r,this.seed=o,this.scaling=s;let i=new J(o).fork("dropout");for(let a of n.sites.keys())this.#t.set(a,i.fork(a).int(2**32))}start(){let t=new J(this.seed).fork(oe);for(let n of this.plan.module.bundles){let r=this.#e.tensor(n.map(({name:s})=>s),!1),o=n.flatMap(s=>[...pc(s,t)]);r.write(this.#e.gpu,Float32Array.from(o))}}of(t,n,r){let{sites:o}=this.plan,s=t.filter(u=>o.has(u));if(s.length===0)return;let i=0,a=t.flatMap(u=>{let l=o.get(u),f=i;return i+=this.#e.places.get(u).shape[0],l?[{b:this.#e.tensor([l.b],n),first:f,scale:l.scale}]:[]}),c=this.#e.tensor(s.map(u=>o.get(u).a),n);return!r||this.dropout===0?{a:c,parts:a}:{a:c,parts:a,dropout:{...r,share:this.dropout,site:this.#t.get(s[0])}}}};function Th(e,t){let n=0;for(let r=0;2*r<e.length;r++){let o=e[2*r],s=e[2*r+1];s>o&&(n+=t?r+1-o:s-o)}return n}function Ms({pass:e}){return["qkv","span","o","lse",...e==="forward"?[]:["d_o","delta","dqkv"]]}var S$=2048;function Yn(e,t=S$){return{BLOCK:e>t?t:0}}function Ns(e){let{rows:t,heads:n,groups:r,headSize:o,causal:s,scale:i=1/Math.sqrt(o)}=e;return[t,n,r,Number(s),H(i)]}var A$={forward:2,queries:3,keys:4};function Cs({heads:e,headSize:t,causal:n,pass:r},o){let s=o("span");return s&&2*t*A$[r]*e*Th(s,n)}var Mh=`// Attention over packed sequences, without a T\xD7T buffer: the form that holds everything in registers, for CPU drivers.
//
//   o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum; keeps lse = log \u03A3 exp  [rows, heads]
//
// qkv [rows, (heads + 2\xB7groups)\xB7D] holds a row's queries, keys and values side by side; query head h uses
// key-value head h / (heads/groups). span [rows, 2] gives the first row and the end (excluded) of the
// sequence a row belongs to; end <= first marks padding, whose results are 0. Causal rows see up to themselves.
// attention_queries.wgsl and attention_keys.wgsl are the backward passes.
//
// An invocation holds ROWS neighbouring rows of a head in registers, so that what it loads of the keys and values serves
// them all; rows that do not see a key are masked. They are read again for every tile of rows: through a texture, where
// it is large enough (src/gpu/program/textures.ts). With BLOCK, which long batches have, so many rows are added up at a
// time. Loops: at most two neighbouring sequences' rows and their blocks, which must stay under 65,535.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(row\${r} * qkv_stride() + query_at(head) + \${d}u);
  var o\${r}_\${d} = vec4f();
  //#end d
  var most\${r} = LOW;
  var sum\${r} = 0.0;
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  var all_most\${r} = LOW; // of the blocks before, their sums
  var all_sum\${r} = 0.0;
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let v\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_score
    let visible\${r} = j >= range\${r}.x && j < range\${r}.y;
    let score\${r} = select(LOW, lane_sum(s\${r}) * p.scale, visible\${r});
    let top\${r} = max(most\${r}, score\${r});
    let fade\${r} = exp(most\${r} - top\${r});
    let e\${r} = select(0.0, exp(score\${r} - top\${r}), visible\${r});
    most\${r} = top\${r};
    sum\${r} = sum\${r} * fade\${r} + e\${r};
    //#repeat d D4
    o\${r}_\${d} = fma(vec4f(e\${r}), v\${d}, o\${r}_\${d} * fade\${r});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    let fade = exp(all_most\${r} - most\${r});
    all_most\${r} = most\${r};
    all_sum\${r} = fma(all_sum\${r}, fade, sum\${r});
    sum\${r} = 0.0;
    //#repeat d D4
    all\${r}_\${d} = fma(all\${r}_\${d}, vec4f(fade), o\${r}_\${d});
    o\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  let all_fade\${r} = exp(all_most\${r} - most\${r});
  sum\${r} = fma(all_sum\${r}, all_fade\${r}, sum\${r});
  //#repeat d D4
  o\${r}_\${d} = fma(all\${r}_\${d}, vec4f(all_fade\${r}), o\${r}_\${d});
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    let inverse = select(0.0, 1.0 / sum\${r}, sum\${r} > 0.0);
    //#repeat d D4
    o[row\${r} * o_stride() + query_at(head) + \${d}u] = o_t4(o\${r}_\${d} * inverse);
    //#end d
    lse[row\${r} * p.heads + head] = select(0.0, most\${r} + log(sum\${r}), sum\${r} > 0.0);
  }
  //#end r
}
`;var Nh=`// The gradients of attention's keys and values, in registers: attention_forward.wgsl says how everything lies.
//
//   dk = scale\xB7\u03A3_i d_score_i\xB7q_i,  dv = \u03A3_i weight_i\xB7dO_i, over the queries i that see the row, of all heads of the group;
//   d_score_i = weight_i\xB7(dO_i\xB7v \u2212 delta_i),  weight_i = exp(score_i \u2212 lse_i)
//
// Runs after attention_queries.wgsl, which writes delta. An invocation holds ROWS neighbouring rows of a key-value head:
// their keys and values; queries and dO are what it reads again and again.
// Loops: at most two neighbouring sequences' rows and their blocks times heads/groups, which must stay under 65,535 trips.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_keys(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let group = i % p.groups;
  let row = (i / p.groups) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = seen_by(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let key\${r} = row\${r} * qkv_stride() + key_at(group);
  let value\${r} = row\${r} * qkv_stride() + value_at(group);
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(key\${r} + \${d}u);
  let own_value\${r}_\${d} = load_qkv(value\${r} + \${d}u);
  var dk\${r}_\${d} = vec4f();
  var dv\${r}_\${d} = vec4f();
  //#end d
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all_dk\${r}_\${d} = vec4f();
  var all_dv\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = first; start < end;) {
    var stop = end;
    //#repeat r ROWS
    stop = min(stop, block_end(start, sequence\${r}));
    //#end r
    for (var j = start; j < stop; j++) {
    //#else
    for (var j = first; j < end; j++) {
    //#end BLOCK
      let query = j * qkv_stride() + query_at(head);
      let out = j * o_stride() + query_at(head);
      let lse_j = lse[j * p.heads + head];
      let delta_j = delta[j * p.heads + head];
      //#repeat d D4
      let other\${d} = load_qkv(query + \${d}u);
      let other_value\${d} = load_d_o(out + \${d}u);
      //#end d
      //#repeat r ROWS
      let lse\${r} = lse_j;
      let delta\${r} = delta_j;
      //#include attention_pair
      //#repeat d D4
      dk\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dk\${r}_\${d});
      dv\${r}_\${d} = fma(vec4f(weight\${r}), other_value\${d}, dv\${r}_\${d});
      //#end d
      //#end r
    }
    //#if BLOCK
    start = stop;
    //#repeat r ROWS
    if (ends_block(stop, range\${r})) {
      //#repeat d D4
      all_dk\${r}_\${d} += dk\${r}_\${d};
      all_dv\${r}_\${d} += dv\${r}_\${d};
      dk\${r}_\${d} = vec4f();
      dv\${r}_\${d} = vec4f();
      //#end d
    }
    //#end r
    }
    //#end BLOCK
  }
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dk\${r}_\${d} += all_dk\${r}_\${d};
  dv\${r}_\${d} += all_dv\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    //#repeat d D4
    dqkv[key\${r} + \${d}u] = dk\${r}_\${d} * p.scale;
    dqkv[value\${r} + \${d}u] = dv\${r}_\${d};
    //#end d
  }
  //#end r
}
`;var Ch=`// The gradient of attention's queries, in registers: attention_forward.wgsl says how everything lies.
//
//   delta = dO\xB7o,  dq = scale\xB7\u03A3_j d_score_j\xB7k_j,  d_score_j = weight_j\xB7(dO\xB7v_j \u2212 delta),  weight_j = exp(score_j \u2212 lse)
//
// Runs before attention_keys.wgsl, which reads delta; together they write all of dqkv. An invocation holds ROWS
// neighbouring rows of a head: their queries and dO. Loops: at most two neighbouring sequences' rows and their
// blocks, under 65,535.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans
//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn attention_queries(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let head = i % p.heads;
  let row = (i / p.heads) * \${ROWS}u;
  if (row >= p.rows) { return; }
  var first = 0xffffffffu;
  var end = 0u;
  //#repeat r ROWS
  let row\${r} = min(row + \${r}u, p.rows - 1u);
  let range\${r} = sees(row + \${r}u);
  first = min(first, range\${r}.x);
  end = max(end, range\${r}.y);
  let query\${r} = row\${r} * qkv_stride() + query_at(head);
  let out\${r} = row\${r} * o_stride() + query_at(head);
  var delta\${r} = 0.0;
  //#repeat d D4
  let own\${r}_\${d} = load_qkv(query\${r} + \${d}u);
  let own_value\${r}_\${d} = load_d_o(out\${r} + \${d}u);
  delta\${r} += dot(own_value\${r}_\${d}, vec4f(o[out\${r} + \${d}u]));
  var dq\${r}_\${d} = vec4f();
  //#end d
  let lse\${r} = lse[row\${r} * p.heads + head];
  //#if BLOCK
  let sequence\${r} = sequence(row + \${r}u);
  //#repeat d D4
  var all\${r}_\${d} = vec4f();
  //#end d
  //#end BLOCK
  //#end r
  first = min(first, end);
  let group = head / (p.heads / p.groups);
  let keys = key_at(group);
  let values = value_at(group);
  //#if BLOCK
  for (var start = first; start < end;) {
  var stop = end;
  //#repeat r ROWS
  stop = min(stop, block_end(start, sequence\${r}));
  //#end r
  for (var j = start; j < stop; j++) {
  //#else
  for (var j = first; j < end; j++) {
  //#end BLOCK
    let key = j * qkv_stride() + keys;
    let value = j * qkv_stride() + values;
    //#repeat d D4
    let other\${d} = load_qkv(key + \${d}u);
    let other_value\${d} = load_qkv(value + \${d}u);
    //#end d
    //#repeat r ROWS
    //#include attention_pair
    //#repeat d D4
    dq\${r}_\${d} = fma(vec4f(d_score\${r}), other\${d}, dq\${r}_\${d});
    //#end d
    //#end r
  }
  //#if BLOCK
  start = stop;
  //#repeat r ROWS
  if (ends_block(stop, range\${r})) {
    //#repeat d D4
    all\${r}_\${d} += dq\${r}_\${d};
    dq\${r}_\${d} = vec4f();
    //#end d
  }
  //#end r
  }
  //#end BLOCK
  //#repeat r ROWS
  //#if BLOCK
  //#repeat d D4
  dq\${r}_\${d} += all\${r}_\${d};
  //#end d
  //#end BLOCK
  if (row + \${r}u < p.rows) {
    delta[row\${r} * p.heads + head] = delta\${r};
    //#repeat d D4
    dqkv[query\${r} + \${d}u] = dq\${r}_\${d} * p.scale;
    //#end d
  }
  //#end r
}
`;function hc(e,t){return{name:`attention_${e}`,wgsl:t,f16:["qkv","o"],textures:({textures:n})=>n?e==="keys"?["qkv","d_o"]:["qkv"]:[],constants:n=>({D4:n.headSize/4,D4MORE:n.headSize/4-1,ROWS:n.tile,...Yn(n.rows)}),bindings:Ms,params:Ns,groups:({rows:n,heads:r,groups:o,tile:s},i)=>L(Math.ceil(n/s)*(e==="keys"?o:r),i),operations:Cs}}var N$={forward:hc("forward",Mh),queries:hc("queries",Ch),keys:hc("keys",Nh)};function C$(e,t){let{headSize:n}=e;return{...e,tile:n<=64?4:n<=128?2:1,textures:t}}function Ih(e,t,n){let r=n[0].size<=e.gpu.largestTexture;e.dispatch(N$[t.pass],C$(t,r),n)}var Rh=`// Attention over packed sequences with tiles in workgroup memory: the form for GPUs. What is computed is what
// attention_forward.wgsl says, blocks/attention_tile.wgsl how; attention_tiled_queries.wgsl and
// attention_tiled_keys.wgsl are the backward passes.
//
// Eight invocations share a row and agree on its maximum through workgroup memory. A row's results do not depend on
// which other rows are in the batch: sums run over the other side's rows in order, and weights e^s = 2^n\xB7e^r, n whole,
// are scaled by powers of two, which rounds nothing, wherever tiles begin.

//#include spread
//#include attention_operands
@group(0) @binding(4) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

// The vec4 at \`at\` of a row of qkv; there is no gradient here.
fn load(gradient: bool, row: u32, at: u32) -> vec4f { return load_qkv(row * qkv_stride() + at); }

//#include attention_tile
//#include across_tile

const LOG2_E = 1.44269504;
// ln 2 in two parts (Cody and Waite 1980): products of the first with whole numbers are exact.
const LN2_HIGH = 0.693359375;
const LN2_LOW = -2.12194440e-4;

// 2^e of whole numbers up to 0, exactly; 2^-126 for all below.
fn power_of_two(e: vec4f) -> vec4f {
  return bitcast<vec4f>((vec4i(max(e, vec4f(-126.0))) + vec4i(127)) << vec4u(23u));
}

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_forward(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let head = index % p.heads;
  let own_row = index / p.heads * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var most = vec4f(LOW);
  var weight_sum = vec4f();
  //#if BLOCK
  var all_most = vec4f(LOW); // of the blocks before, their sums
  var all_weight_sum = vec4f();
  //#end BLOCK
  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    var top = vec4f(LOW);
    //#repeat c 4
    let visible\${c} = visible(other + tx + \${8 * c}u, own);
    let score\${c} = weights0[\${c}] * p.scale;
    let power\${c} = select(vec4f(LOW), floor(score\${c} * LOG2_E), visible\${c});
    top = max(top, power\${c});
    //#end c
    top = max_across(top, most, tx, ty);
    let fade = power_of_two(most - top);
    most = top;
    weight_sum *= fade;
    //#repeat c 4
    {
      let rest = min(score\${c} - power\${c} * LN2_HIGH - power\${c} * LN2_LOW, vec4f(1.0)); // of others any finite value
      weights0[\${c}] = select(vec4f(), exp(rest) * power_of_two(power\${c} - top), visible\${c});
    }
    //#end c
    //#repeat c VCOLS
    //#repeat r 4
    sum0_\${c}_\${r} *= fade[\${r}];
    //#end r
    //#end c
    let summands0 = Tile(false, other, value_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  let all_fade = power_of_two(all_most - most);
  all_weight_sum = select(all_weight_sum, all_weight_sum * all_fade + weight_sum, full);
  weight_sum = select(weight_sum, vec4f(), full);
  all_most = select(all_most, most, full);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} = all0_\${c}_\${r} * all_fade[\${r}] + sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  let last_fade = power_of_two(all_most - most);
  weight_sum += all_weight_sum * last_fade;
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r} * last_fade[\${r}];
  //#end r
  //#end c
  //#end BLOCK

  let some = weight_sum > vec4f();
  let inverse = select(vec4f(), 1.0 / weight_sum, some);
  let log_sum = select(vec4f(), most * LN2_HIGH + (most * LN2_LOW + log(weight_sum)), some);
  //#repeat r 4
  if (row + \${r}u < p.rows) {
    if (tx == 0u) { lse[(row + \${r}u) * p.heads + head] = log_sum[\${r}]; }
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      o[(row + \${r}u) * o_stride() + query_at(head) + tx + \${8 * c}u] = o_t4(sum0_\${c}_\${r} * inverse[\${r}]);
    }
    //#end c
  }
  //#end r
}
`;var Lh=`// The gradients of attention's keys and values with tiles in workgroup memory: what is computed is what
// attention_keys.wgsl says, blocks/attention_tile.wgsl how. Sum 0 is dv = \u03A3 weight\xB7dO, sum 1 is dk = \u03A3 d_score\xB7q.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return seen_by(row); }

//#include attention_tile_backward
//#include attention_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_keys(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let group = index % p.groups;
  let own_row = index / p.groups * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let keys = Tile(false, own_row, key_at(group));
  let values = Tile(false, own_row, value_at(group));

  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  var sum\${g}_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all\${g}_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  //#end g
  let share = p.heads / p.groups;
  for (var head = group * share; head < (group + 1u) * share; head++) {
    //#if BLOCK
    for (var start = all.x; start < all.y;) {
    let end = tile_stop(start, all.y, i);
    let own = Ranges(seen.first, min(seen.end, vec4u(end)));
    for (var other = start; other < end; other += 32u) {
    //#else
    for (var other = all.x; other < end; other += 32u) {
    //#end BLOCK
      let queries = Tile(false, other, query_at(head));
      let gradients = Tile(true, other, query_at(head));
      var weights0 = scores(keys, queries, end, i);
      var weights1 = scores(values, gradients, end, i);
      //#repeat c 4
      {
        let j = other + tx + \${8 * c}u;
        let at = min(j, p.rows - 1u) * p.heads + head;
        let power = exp(weights0[\${c}] * p.scale - lse[at]);
        weights0[\${c}] = select(vec4f(), power, visible(j, own));
        weights1[\${c}] = weights0[\${c}] * (weights1[\${c}] - delta[at]);
      }
      //#end c
      let summands0 = gradients;
      let summands1 = queries;
      //#repeat g 2
      //#include attention_tile_sums
      //#end g
    }
    //#if BLOCK
    start = end;
    let full = end_blocks(end, ty);
    //#repeat g 2
    //#repeat r 4
    if (full[\${r}]) {
      //#repeat c VCOLS
      all\${g}_\${c}_\${r} += sum\${g}_\${c}_\${r};
      sum\${g}_\${c}_\${r} = vec4f();
      //#end c
    }
    //#end r
    //#end g
    }
    //#end BLOCK
  }
  //#if BLOCK
  //#repeat g 2
  //#repeat c VCOLS
  //#repeat r 4
  sum\${g}_\${c}_\${r} += all\${g}_\${c}_\${r};
  //#end r
  //#end c
  //#end g
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    let at = (row + \${r}u) * qkv_stride() + tx;
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[at + key_at(group) + \${8 * c}u] = sum1_\${c}_\${r} * p.scale;
      dqkv[at + value_at(group) + \${8 * c}u] = sum0_\${c}_\${r};
    }
    //#end c
  }
  //#end r
}
`;var Ph=`// The gradient of attention's queries with tiles in workgroup memory: what is computed is what attention_queries.wgsl
// says, blocks/attention_tile.wgsl how.

//#include spread
//#include attention_operands
//#include attention_gradients
@group(0) @binding(7) var<uniform> p: Params;
//#include spans

fn range(row: u32) -> vec2u { return sees(row); }

//#include attention_tile_backward
//#include attention_tile
//#include across_tile

@compute @workgroup_size(\${WORKGROUP})
fn attention_tiled_queries(
  @builtin(local_invocation_index) i: u32,
  @builtin(workgroup_id) group_id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let index = group_index(group_id, groups);
  let tx = i % 8u;
  let ty = i / 8u;
  let head = index % p.heads;
  let own_row = index / p.heads * 32u;
  if (own_row >= p.rows) { return; }
  let row = own_row + 4u * ty;
  let all = tile_range(own_row, i);
  //#if BLOCK
  let seen = own_ranges(ty);
  //#else
  let end = all.y;
  let own = own_ranges(ty);
  //#end BLOCK
  let group = head / (p.heads / p.groups);
  let queries = Tile(false, own_row, query_at(head));
  let gradients = Tile(true, own_row, query_at(head));

  //#repeat c VCOLS
  //#repeat r 4
  var sum0_\${c}_\${r} = vec4f();
  //#if BLOCK
  var all0_\${c}_\${r} = vec4f();
  //#end BLOCK
  //#end r
  //#end c
  var own_lse = vec4f();
  var own_delta = vec4f();
  //#repeat r 4
  {
    let at = min(row + \${r}u, p.rows - 1u);
    own_lse[\${r}] = lse[at * p.heads + head];
    for (var d = tx; d < \${D4}u; d += 8u) {
      let o_d = vec4f(o[at * o_stride() + query_at(head) + d]);
      own_delta[\${r}] += dot(load(true, at, query_at(head) + d), o_d);
    }
  }
  //#end r
  own_delta = sum_across(own_delta, tx, ty);
  if (tx == 0u) {
    //#repeat r 4
    if (row + \${r}u < p.rows) { delta[(row + \${r}u) * p.heads + head] = own_delta[\${r}]; }
    //#end r
  }

  //#if BLOCK
  for (var start = all.x; start < all.y;) {
  let end = tile_stop(start, all.y, i);
  let own = Ranges(seen.first, min(seen.end, vec4u(end)));
  for (var other = start; other < end; other += 32u) {
  //#else
  for (var other = all.x; other < end; other += 32u) {
  //#end BLOCK
    var weights0 = scores(queries, Tile(false, other, key_at(group)), end, i);
    let d_weights = scores(gradients, Tile(false, other, value_at(group)), end, i);
    //#repeat c 4
    {
      let power = exp(weights0[\${c}] * p.scale - own_lse);
      let weight = select(vec4f(), power, visible(other + tx + \${8 * c}u, own));
      weights0[\${c}] = weight * (d_weights[\${c}] - own_delta);
    }
    //#end c
    let summands0 = Tile(false, other, key_at(group));
    //#repeat g 1
    //#include attention_tile_sums
    //#end g
  }
  //#if BLOCK
  start = end;
  let full = end_blocks(end, ty);
  //#repeat r 4
  if (full[\${r}]) {
    //#repeat c VCOLS
    all0_\${c}_\${r} += sum0_\${c}_\${r};
    sum0_\${c}_\${r} = vec4f();
    //#end c
  }
  //#end r
  }
  //#end BLOCK
  //#if BLOCK
  //#repeat c VCOLS
  //#repeat r 4
  sum0_\${c}_\${r} += all0_\${c}_\${r};
  //#end r
  //#end c
  //#end BLOCK

  //#repeat r 4
  if (row + \${r}u < p.rows) {
    //#repeat c VCOLS
    if (tx + \${8 * c}u < \${D4}u) {
      dqkv[(row + \${r}u) * qkv_stride() + query_at(head) + tx + \${8 * c}u] = sum0_\${c}_\${r} * p.scale;
    }
    //#end c
  }
  //#end r
}
`;var gc=32,P$=64;function j$(e){return Math.ceil(e/Math.ceil(e/8))}function B$(e,t){let n=gc;for(;n*e>t;)n/=2;return n}function mc(e,t){return{name:`attention_tiled_${e}`,wgsl:t,f16:["qkv","o"],constants(n){let r=n.headSize/4,o=j$(r),s=o|1;return{D4:r,DEPTH:o,PITCH:s,STEP:B$(r,gc*(o+s)),VCOLS:Math.ceil(r/8),WEIGHT_SUM:+(e==="forward"),...Yn(n.rows)}},bindings:Ms,params:Ns,workgroup:()=>P$,groups:({rows:n,heads:r,groups:o})=>L(Math.ceil(n/gc)*(e==="keys"?o:r),1),operations:Cs}}var z$={forward:mc("forward",Rh),queries:mc("queries",Ph),keys:mc("keys",Lh)};function jh(e,t,n){e.dispatch(z$[t.pass],t,n)}var Bh=`// y[rows, width] (+)= x[rows, from] with columns left out at the end, or columns of zeros added. Its own backward, the
// other way round. An invocation an element.

//#include spread

struct Params { rows: u32, width: u32, columns: u32, add: u32 } // columns: of x

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<y_t>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn resize_columns(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  let column = i % p.width;
  if (row >= p.rows) { return; }
  var value = 0.0;
  if (column < p.columns) { value = f32(x[row * p.columns + column]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var zh={name:"resize_columns",wgsl:Bh,constants:()=>({}),bindings:()=>["x","y"],f16:["x","y"],params:({rows:e,width:t,columns:n,add:r})=>[e,t,n,Number(r)],workgroup:()=>64,groups:({rows:e,width:t},n)=>L(e*t,n)};function jt(e,t,n,r){let o=t.size/n,s=e.result([o,r],"resized");return e.dispatch(zh,{rows:o,width:r,columns:n,add:!1},[t,s]),e.needsGrad(t)&&e.differentiable(s,i=>{let a=e.target(t);e.dispatch(zh,{rows:o,width:n,columns:r,add:a.add},[i,a.tensor])}),s}function Qn(e){return 4*Math.ceil(e/4)}function Is(e,t,n,r,o){return D$(e,t,n,r,o).o}function D$(e,t,n,r,o){let{heads:s,groups:i,headSize:a}=r,[c=0]=t.shape;if(s%i!==0)throw new Error(`attention: ${i} key-value heads do not divide ${s} heads`);z("attention","qkv",t.shape,[c,(s+2*i)*a]),z("attention","span",n.shape,[c,2]);let u=Qn(a);if(u!==a){let l=jt(e,t,a,u).view([c,(s+2*i)*u]),f=qh(e,l,n,{...r,headSize:u},o,1/Math.sqrt(a));return{...f,o:jt(e,f.o,u,a).view([c,s*a])}}return qh(e,t,n,r,o)}function qh(e,t,n,r,o,s){let{heads:i,groups:a,headSize:c}=r,[u=0]=t.shape,l=e.result([u,i*c],"attention"),f=e.empty([u,i],"log-sum-exp"),d={rows:u,heads:i,groups:a,headSize:c,causal:o,...s!==void 0&&{scale:s}},p=rt("attention",e.gpu)==="registers"?Ih:jh;return p(e,{...d,pass:"forward"},[t,n,l,f]),e.needsGrad(t)&&e.differentiable(l,h=>{let m=e.empty([u,i],"delta");e.assign(t,g=>{let w=[t,n,l,f,h,m,g];p(e,{...d,pass:"queries"},w),p(e,{...d,pass:"keys"},w)})}),{o:l,lse:f,qkv:t,span:n,layout:r,causal:o,scale:s??1/Math.sqrt(c)}}var Dh=`// The gradient of the input of LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//
// x\u0302 comes from the mean and rstd that norm_forward.wgsl kept. d weight: norm_weight_parts.wgsl, d bias: column_parts.wgsl.

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> dy: array<T>;
@group(0) @binding(4) var<storage, read_write> dx: array<T>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  let mean = stats[2u * row];
  let rstd = stats[2u * row + 1u];
  var sum_g = T();
  var sum_gx = T();
  for (var i = 0u; i < p.width; i++) {
    let g = dy[first + i] * weight[i];
    sum_g += g;
    sum_gx += g * (T(x[first + i]) - mean);
  }
  let mean_gx = element_sum(sum_gx) * rstd / p.size;
  //#if CENTRED
  let mean_g = element_sum(sum_g) / p.size;
  //#else
  let mean_g = 0.0;
  //#end CENTRED
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    var value = rstd * (dy[first + i] * weight[i] - mean_g - hat * mean_gx);
    if (p.add != 0u) { value += dx[first + i]; }
    dx[first + i] = value;
  }
}
`;var Wh=`// LayerNorm (CENTRED) and RMSNorm of any width, a row an invocation; norm_rows_forward.wgsl is the fast form.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2].

//#include spread
//#include norm_elements
@group(0) @binding(3) var<storage, read_write> y: array<Y>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<T>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn norm_forward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = item_index(id, groups);
  if (row >= p.rows) { return; }
  let first = row * p.width;
  var mean = 0.0;
  //#if CENTRED
  var sum = T();
  for (var i = 0u; i < p.width; i++) { sum += T(x[first + i]); }
  mean = element_sum(sum) / p.size;
  //#end CENTRED
  var square = T();
  for (var i = 0u; i < p.width; i++) {
    let d = T(x[first + i]) - mean;
    square += d * d;
  }
  let rstd = 1.0 / sqrt(element_sum(square) / p.size + p.eps);
  for (var i = 0u; i < p.width; i++) {
    let hat = (T(x[first + i]) - mean) * rstd;
    //#if CENTRED
    y[first + i] = Y(hat * weight[i] + bias[i]);
    //#else
    y[first + i] = Y(hat * weight[i]);
    //#end CENTRED
  }
  stats[2u * row] = mean;
  stats[2u * row + 1u] = rstd;
}
`;var Uh={f16:["x","y"],params:({rows:e,width:t,eps:n,add:r})=>[e,t%4===0?t/4:t,H(t),H(n),Number(r)],groups:({rows:e},t)=>L(e,t)},wc={...Uh,name:"norm_forward",wgsl:Wh,constants:e=>({VECTOR:+(e.width%4===0),CENTRED:Number(e.centred),PARAMS:wc.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]]},Fh={...Uh,name:"norm_backward",wgsl:Dh,constants:({width:e,centred:t})=>({VECTOR:+(e%4===0),CENTRED:Number(t)}),bindings:()=>["x","weight","stats","dy","dx"]};var Kh=`// The gradients of LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time, in registers.
//
//   dx (+)= rstd\xB7(g \u2212 mean(g) \u2212 x\u0302\xB7mean(g\xB7x\u0302)),  g = dy\xB7weight; RMSNorm: without mean(g)
//   d weight = \u03A3 rows dy\xB7x\u0302,  d bias = \u03A3 rows dy: each workgroup's share in a row of weight_parts and bias_parts;
//   column_sum.wgsl adds these up
//
// x\u0302 comes from the mean and rstd that norm_rows_forward.wgsl kept. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> dy: array<vec4f>;
//#if DX
@group(0) @binding(\${DX}) var<storage, read_write> dx: array<vec4f>;
//#end DX
//#if WEIGHT_PARTS
@group(0) @binding(\${WEIGHT_PARTS}) var<storage, read_write> weight_parts: array<vec4f>; // [groups, width]
//#end WEIGHT_PARTS
//#if BIAS_PARTS
@group(0) @binding(\${BIAS_PARTS}) var<storage, read_write> bias_parts: array<vec4f>; // [groups, width]
//#end BIAS_PARTS
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_sums

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_backward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  let size = f32(4u * p.width);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  var dw\${c} = vec4f();
  var db\${c} = vec4f();
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of g\xB7x\u0302, and of g
    //#repeat r TILE
    let row\${r} = min(row + \${r}u, p.rows - 1u);
    let start\${r} = row\${r} * p.width;
    let known\${r} = stats[row\${r}];
    let here\${r} = select(0.0, 1.0, row + \${r}u < p.rows); // a row past the last has gradient 0
    var g\${r} = vec4f();
    var gx\${r} = vec4f();
    //#repeat c HELD
    let hat\${r}_\${c} = (vec4f(x[start\${r} + at\${c}]) - known\${r}.x) * known\${r}.y;
    let d\${r}_\${c} = select(vec4f(), dy[start\${r} + at\${c}] * here\${r}, within\${c});
    let dw\${r}_\${c} = d\${r}_\${c} * hat\${r}_\${c};
    g\${r} = fma(d\${r}_\${c}, w\${c}, g\${r});
    gx\${r} = fma(dw\${r}_\${c}, w\${c}, gx\${r});
    dw\${c} += dw\${r}_\${c};
    db\${c} += d\${r}_\${c};
    //#end c
    own.first[\${r}] = lane_sum(gx\${r});
    own.second[\${r}] = lane_sum(g\${r});
    //#end r
    let sums = workgroup_sums(own, block, lane);
    let mean_gx = sums.first / size;
    let mean_g = sums.second / size;
    //#if DX
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      var value = known\${r}.y * (d\${r}_\${c} * w\${c} - mean_g[\${r}] - hat\${r}_\${c} * mean_gx[\${r}]);
      //#if ADD
      value += dx[start\${r} + at\${c}];
      //#end ADD
      dx[start\${r} + at\${c}] = value;
    }
    //#end c
    //#end r
    //#end DX
  }
  //#repeat c HELD
  if (within\${c}) {
    //#if WEIGHT_PARTS
    weight_parts[group * p.width + at\${c}] = dw\${c};
    //#end WEIGHT_PARTS
    //#if BIAS_PARTS
    bias_parts[group * p.width + at\${c}] = db\${c};
    //#end BIAS_PARTS
  }
  //#end c
}
`;var Gh=`// LayerNorm (CENTRED) and RMSNorm, TILE rows a workgroup at a time: every value is loaded once and held in registers.
//
//   y = x\u0302\xB7weight (+ bias),  x\u0302 = (x \u2212 mean)\xB7rstd,  rstd = 1/\u221A(mean((x \u2212 mean)\xB2) + eps)
//
// RMSNorm: mean = 0. Keeps mean and rstd of each row in stats [rows, 2]. How rows lie: blocks/norm_lanes.wgsl.

//#include spread
//#include norm_lanes
@group(0) @binding(3) var<storage, read_write> y: array<y_t4>;
//#if CENTRED
@group(0) @binding(4) var<storage, read_write> bias: array<vec4f>;
//#end CENTRED
@group(0) @binding(\${PARAMS}) var<uniform> p: Params;

//#include lane_sum
//#include workgroup_moments

// sum + off\xB2, off being of a vec4 that may not exist.
fn add_square(sum: vec4f, off: vec4f, within: bool) -> vec4f {
  //#if RAGGED
  return sum + select(vec4f(), off * off, within);
  //#else
  return fma(off, off, sum);
  //#end RAGGED
}

@compute @workgroup_size(\${WORKGROUP})
fn norm_rows_forward(
  @builtin(workgroup_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) lane: u32,
) {
  let group = group_index(id, groups);
  //#repeat c HELD
  let at\${c} = min(\${c * LANES}u + lane, p.width - 1u);
  let within\${c} = within(\${c * LANES}u + lane);
  let w\${c} = weight[at\${c}];
  //#if CENTRED
  let b\${c} = bias[at\${c}];
  //#end CENTRED
  //#end c
  //#if LOOP
  for (var block = 0u; block < p.blocks; block++) {
    let row = (group * p.blocks + block) * \${TILE}u;
  //#else
  {
    let block = 0u;
    let row = group * \${TILE}u;
  //#end LOOP
    var own = Sums(); // of squares about the lane's mean, and of values
    //#repeat r TILE
    let start\${r} = min(row + \${r}u, p.rows - 1u) * p.width;
    //#repeat c HELD
    let v\${r}_\${c} = vec4f(x[start\${r} + at\${c}]);
    //#end c
    var middle\${r} = 0.0;
    //#if CENTRED
    var sum\${r} = vec4f();
    //#repeat c HELD
    sum\${r} += select(vec4f(), v\${r}_\${c}, within\${c});
    //#end c
    own.second[\${r}] = lane_sum(sum\${r});
    middle\${r} = own.second[\${r}] / max(held(lane), 1.0);
    //#end CENTRED
    var square\${r} = vec4f();
    //#repeat c HELD
    square\${r} = add_square(square\${r}, v\${r}_\${c} - middle\${r}, within\${c});
    //#end c
    own.first[\${r}] = lane_sum(square\${r});
    //#end r
    let moments = workgroup_moments(own, block, lane);
    let mean = moments.mean;
    let rstd = 1.0 / sqrt(moments.square + p.eps);
    //#repeat r TILE
    //#repeat c HELD
    if (row + \${r}u < p.rows && within\${c}) {
      let hat = (v\${r}_\${c} - mean[\${r}]) * rstd[\${r}];
      //#if CENTRED
      y[start\${r} + at\${c}] = y_t4(hat * w\${c} + b\${c});
      //#else
      y[start\${r} + at\${c}] = y_t4(hat * w\${c});
      //#end CENTRED
    }
    //#end c
    //#end r
    if (lane < \${TILE}u && row + lane < p.rows) { stats[row + lane] = vec2f(mean[lane], rstd[lane]); }
  }
}
`;var G$=65536,Vh=[32,64,128,256],V$=4,H$=8,Hh=32;function Jh(e,t,n){let r=n==="registers",o=r?8:Vh.find(c=>c*V$>=t/4)??Vh.at(-1),s=Math.ceil(t/4/o);if(t%4!==0||s>16)return;let i=r?4:[4,2].find(c=>c*s<=H$)??1,a=r?1:Math.ceil(e/i/(G$/o));return{lanes:o,held:s,tile:i,blocks:a,groups:Math.ceil(e/i/a)}}var Xh={f16:["x","y"],params:({rows:e,width:t,blocks:n,eps:r})=>[e,t/4,n,H(r)],workgroup:({lanes:e})=>e,groups:({groups:e})=>L(e,1)};function Yh({lanes:e,held:t,tile:n,blocks:r,width:o,centred:s}){return{LANES:e,TREE:+(e>Hh),PARTS:e>Hh?e/16:e,HELD:t,TILE:n,LOOP:+(r>1),RAGGED:+(o/4%e!==0),CENTRED:Number(s)}}function Qh({rows:e,width:t,centred:n}){return`${n?"LayerNorm":"RMSNorm"} ${e}\xD7${t}`}var _c={...Xh,name:"norm_rows_forward",wgsl:Gh,constants:e=>({...Yh(e),PARAMS:_c.bindings(e).length}),bindings:({centred:e})=>["x","weight","stats","y",...e?["bias"]:[]],label:e=>`${Qh(e)} forward`},yc={...Xh,name:"norm_rows_backward",wgsl:Kh,constants(e){let t=yc.bindings(e),n=r=>Math.max(0,t.indexOf(r));return{...Yh(e),DX:n("dx"),ADD:Number(e.gradients.add),WEIGHT_PARTS:n("weight_parts"),BIAS_PARTS:n("bias_parts"),PARAMS:t.length}},bindings:({gradients:{dx:e,weight:t,bias:n}})=>["x","weight","stats","dy",...e?["dx"]:[],...t?["weight_parts"]:[],...n?["bias_parts"]:[]],label:e=>`${Qh(e)} backward`};function Jr(e,t,n,r){return Zh(e,t,n,void 0,r)}function Zn(e,t,n,r,o){return Zh(e,t,n,r,o)}function Zh(e,t,n,r,o){let[s,i]=Se(t),a=r?"layer norm":"rms norm";z(a,"weight",n.shape,[i]),r&&z(a,"bias",r.shape,[i]);let c=e.result(t.shape,a),u=e.empty([s,2],`${a} statistics`),l=r?[t,n,u,c,r]:[t,n,u,c],f={rows:s,width:i,eps:o,centred:r!==void 0},d=Jh(s,i,rt("norm",e.gpu));if(d?e.dispatch(_c,{...f,...d},l):e.dispatch(wc,{...f,add:!1},l),e.needsGrad(t,n,r)){let p={x:t,weight:n,bias:r,stats:u};e.differentiable(c,h=>{d?J$(e,{...f,...d},{...p,dy:h}):X$(e,f,{...p,dy:h})})}return c}function J$(e,t,{x:n,weight:r,bias:o,stats:s,dy:i}){let a=e.target(r),c=e.target(o),u=e.target(n),l=(m,g)=>m&&e.empty([t.groups,t.width],`parts of d ${g}`),f=l(a,"weight"),d=l(c,"bias"),p={dx:!!u,add:u?.add??!1,weight:!!a,bias:!!c},h=[n,r,s,i,u?.tensor,f,d].filter(m=>m!==void 0);e.dispatch(yc,{...t,gradients:p},h),a&&nn(e,f,a),c&&nn(e,d,c)}function X$(e,t,{x:n,weight:r,bias:o,stats:s,dy:i}){let a=e.target(r);a&&nn(e,i,a,{input:n,stats:s});let c=e.target(o);c&&nn(e,i,c);let u=e.target(n);u&&e.dispatch(Fh,{...t,add:u.add},[n,r,s,i,u.tensor])}function em(e,t,n,r,o){let{heads:s,eps:i,activation:a}=o,c={heads:s,groups:s,headSize:t.shape[1]/s},u=Zn(e,t,r.norm1.weight,r.norm1.bias,i),l=(g,{weight:w,..._},b={})=>Rt(e,g,w,{..._,...b}),f=l(u,r.qkv),d=Is(e,f,n,c,!1),p=l(d,r.out,{residual:t}),h=Zn(e,p,r.norm2.weight,r.norm2.bias,i),m=l(h,r.fc1,{activation:a});return l(m,r.fc2,{residual:p})}function tm(e,t,n){z("add","b",n.shape,t.shape);let r=e.result(t.shape,"sum");return pt(e,r,t),Kr(e,r,n),e.needsGrad(t,n)&&e.differentiable(r,o=>{e.pass(t,o),e.pass(n,o)}),r}var nm=`// d features[f] (+)= dy[place[f]], place[f] being the row that shows feature f (-1: none). No sum is needed, since no two
// rows show one feature. An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: features

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_features: array<f32>;
@group(0) @binding(2) var<storage, read_write> place: array<i32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding_features(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let feature = i / p.width;
  if (feature >= p.count) { return; }
  var value = 0.0;
  if (place[feature] >= 0) { value = dy[u32(place[feature]) * p.width + i % p.width]; }
  if (p.add != 0u) { value += d_features[i]; }
  d_features[i] = value;
}
`;var rm=`// Token sequence: row r of y is features[image[r]] where image[r] >= 0, else table[ids[r]]; a negative id gives 0.
// embedding_features.wgsl and embedding_table.wgsl are its gradients. An invocation an element.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end: what stands in others is
// left as it is, unless the piece is the first, which also writes all that is not of the table.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: rows of y

@group(0) @binding(0) var<storage, read_write> y: array<y_t>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> table: array<table_t>;
@group(0) @binding(2) var<storage, read_write> ids: array<i32>;
@group(0) @binding(3) var<storage, read_write> features: array<features_t>;
@group(0) @binding(4) var<storage, read_write> image: array<i32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.count) { return; }
  let column = i % p.width;
  let token = select(ids[row], -1, image[row] >= 0);
  let own = token >= i32(p.first) && token < i32(p.end);
  if (!own && p.first > 0u) { return; }
  var value = 0.0;
  if (image[row] >= 0) {
    value = f32(features[u32(image[row]) * p.width + column]);
  } else if (own) {
    value = f32(table[(u32(token) - p.first) * p.width + column]);
  }
  y[i] = y_t(value);
}
`;var om=`// d table[id] += \u03A3 dy over the rows that hold id. The rows of each id are listed by the host: an entry of \`held\` is
// id, first and end in \`rows\`; one with first = end is padding. Every id stands in one entry, so sums are deterministic
// without atomics. An invocation an element of an entry's row.

//#include spread

// Of a table that is larger than a binding a piece is bound, entries from p.first to p.end.

struct Params { count: u32, width: u32, add: u32, first: u32, end: u32 } // count: entries of \`held\`

@group(0) @binding(0) var<storage, read_write> dy: array<f32>; // [rows, width]
@group(0) @binding(1) var<storage, read_write> d_table: array<f32>;
@group(0) @binding(2) var<storage, read_write> held: array<i32>; // [count, 3]
@group(0) @binding(3) var<storage, read_write> rows: array<i32>;
@group(0) @binding(4) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn embedding_table(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let entry = i / p.width;
  if (entry >= p.count) { return; }
  let column = i % p.width;
  let token = held[3u * entry];
  let first = held[3u * entry + 1u];
  let end = held[3u * entry + 2u];
  if (end <= first || token < i32(p.first) || token >= i32(p.end)) { return; }
  var sum = 0.0;
  // In blocks of 1,024 rows, four a trip: 256,000 rows that hold one id take 64,750 trips of all loops.
  for (var start = first; start < end; start += 1024) {
    let stop = min(start + 1024, end);
    var part = 0.0;
    var at = start;
    for (; at + 4 <= stop; at += 4) {
      //#repeat j 4
      part += dy[u32(rows[at + \${j}]) * p.width + column];
      //#end j
    }
    for (; at < stop; at++) { part += dy[u32(rows[at]) * p.width + column]; }
    sum += part;
  }
  d_table[(u32(token) - p.first) * p.width + column] += sum;
}
`;function bc(e,t,n){return{name:e,wgsl:t,constants:()=>({}),bindings:()=>n,f16:["y","table","features"],params:({count:r,width:o,add:s,first:i,end:a})=>[r,o,Number(s),i,a],workgroup:()=>64,groups:({count:r,width:o},s)=>L(r*o,s)}}var e1=bc("embedding",rm,["y","table","ids","features","image"]),t1=bc("embedding_features",nm,["dy","d_features","place"]),n1=bc("embedding_table",om,["dy","d_table","held","rows"]),sm=256e3;function Rs(e,t,n,r){let[o=0]=r.ids.shape,[,s=0]=t.shape,[i=0]=n.shape,[a=0]=r.held.shape;if(o>sm)throw new Error(`embedding: ${o} rows are over ${sm}; split the batch`);z("embedding","features",n.shape,[-1,s]),z("embedding","image",r.image.shape,[o]),z("embedding","place",r.place.shape,[i]);let c=e.result([o,s],"embedding"),[u=0]=t.shape,l=f=>Kn(e.gpu,u,s*ie[f.dtype]).map(({first:d,count:p})=>({part:p===u?f:f.rows(d,p),first:d,end:d+p}));for(let{part:f,...d}of l(t)){let p=[c,f,r.ids,n,r.image];e.dispatch(e1,{count:o,width:s,add:!1,...d},p)}return e.needsGrad(t,n)&&e.differentiable(c,f=>{let d=e.target(n);if(d){let h={count:i,width:s,add:d.add,first:0,end:u};e.dispatch(t1,h,[f,d.tensor,r.place])}let p=e.target(t);if(p){if(!p.add)throw new Error("embedding: the table must be a parameter with a gradient tensor of its own");for(let{part:h,...m}of l(p.tensor)){let g={count:a,width:s,add:!0,...m};e.dispatch(n1,g,[f,h,r.held,r.rows])}}}),c}function Ls(e,{imageId:t,rows:n,features:r,used:o=r,padding:s}){if(e.length>n)throw new Error(`${e.length} tokens do not fit into ${n} rows`);let i=new Int32Array(n).fill(-1),a=new Int32Array(n).fill(-1),c=new Int32Array(r).fill(-1),u=0,l=new Map;if(e.forEach((m,g)=>{if(m===t){u<o&&(c[u]=g),a[g]=u++;return}if(i[g]=m,m===s)return;let w=l.get(m);w?w.push(g):l.set(m,[g])}),u!==o)throw new Error(`expected ${o} image placeholders for as many features, found ${u}`);let f=new Int32Array(n*3),d=new Int32Array(n),p=0,h=0;for(let m of[...l.keys()].sort((g,w)=>g-w)){let g=l.get(m);f.set([m,p,p+g.length],3*h++),d.set(g,p),p+=g.length}return{ids:i,image:a,place:c,held:f,rows:d}}var im=`// y[i] (+)= x[index[i]], or 0 where index[i] < 0. With the inverse index it is its own backward.
// An invocation an element.

//#include spread

struct Params { count: u32, width: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> index: array<i32>;
@group(0) @binding(2) var<storage, read_write> y: array<y_t>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn gather_rows(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count * p.width) { return; }
  let source = index[i / p.width];
  var value = 0.0;
  if (source >= 0) { value = f32(x[u32(source) * p.width + i % p.width]); }
  if (p.add != 0u) { value += f32(y[i]); }
  y[i] = y_t(value);
}
`;var am={name:"gather_rows",wgsl:im,constants:()=>({}),bindings:()=>["x","index","y"],f16:["x","y"],params:({count:e,width:t,add:n})=>[e,t,Number(n)],workgroup:()=>64,groups:({count:e,width:t},n)=>L(e*t,n)};function Bt(e,t,n,r){let[o,s]=Se(t),[i=0]=n.shape;z("gather rows","inverse",r.shape,[o]);let a=e.result([i,s],"gathered rows");return e.dispatch(am,{count:i,width:s,add:!1},[t,n,a]),e.needsGrad(t)&&e.differentiable(a,c=>{let u=e.target(t);e.dispatch(am,{count:o,width:s,add:u.add},[c,r,u.tensor])}),a}function cm(e,t,n,r,o){let{config:s}=t,{vision_config:i,feature_layers:a}=s,c=t.names.vision,u=S=>S.map(O=>`${c}.${O}`),l=r.has("vision"),f=(...S)=>t.parameters.tensor(u(S),l),d=(...S)=>{let O=S.map(R=>`${R}.weight`);return{weight:f(...O),bias:f(...S.map(R=>`${R}.bias`)),lowRank:t.lora?.of(u(O),r.has(oe),o)}},p=S=>({weight:f(`${S}.weight`),bias:f(`${S}.bias`)}),h=n.shape[0],m=ve(i)+(i.kind==="clip"?1:0),g=i.kind==="clip"?o1(e,n,f,i.layer_norm_eps):s1(e,t,n,f),w=e.constant(As(new Array(h).fill(m),h*m),[h*m,2]),_=new Map([[0,g]]);for(let S=0;S<on(s);S++){let O=`encoder.layers.${S}`,R=g;g=e.checkpoint(()=>em(e,R,w,{norm1:p(`${O}.layer_norm1`),qkv:d(...["q","k","v"].map(T=>`${O}.self_attn.${T}_proj`)),out:d(`${O}.self_attn.out_proj`),norm2:p(`${O}.layer_norm2`),fc1:d(`${O}.mlp.fc1`),fc2:d(`${O}.mlp.fc2`)},{heads:i.num_attention_heads,eps:i.layer_norm_eps,activation:i.hidden_act})),a.includes(S+1)&&_.set(S+1,g)}if(s.post_norm){let{weight:S,bias:O}=p("post_layernorm");g=Zn(e,g,S,O,i.layer_norm_eps),_.set(on(s),g)}let b=a.map(S=>_.get(S)),v=s.drop_first?b.map(S=>i1(e,S,h,m)):b,x=a1(e,v);return s.connector.kind==="mlp"?x:c1(e,x,h,s.connector.scale)}function o1(e,t,n,r){let o=Qa(e,t,n("embeddings.patch_embedding.weight")),s=Kp(e,o,n("embeddings.class_embedding"),n("embeddings.position_embedding.weight"));return Zn(e,s,n("pre_layrnorm.weight"),n("pre_layrnorm.bias"),r)}function s1(e,t,n,r){let{vision_config:o,connector:s}=t.config,i=ve(o),a=n.shape[0],c=s.kind==="mlp"?Int32Array.from({length:i},(h,m)=>m):Eh(Math.sqrt(i)),u=new Int32Array(a*i);for(let h=0;h<a;h++)u.set(c,h*i);let l=Ls(u,{imageId:-1,rows:u.length,features:1,used:0}),f=Object.fromEntries(Object.entries(l).map(([h,m])=>[h,e.constant(m,h==="held"?[u.length,3]:void 0)])),d=e.constant(new Float32Array(o.hidden_size),[1,o.hidden_size]),p=Rs(e,r("embeddings.position_embedding.weight"),d,f);return Qa(e,n,r("embeddings.patch_embedding.weight"),{bias:r("embeddings.patch_embedding.bias"),residual:p})}function i1(e,t,n,r){let o=r-1,s=Int32Array.from({length:n*o},(i,a)=>a+Math.floor(a/o)+1);return Bt(e,t,e.constant(s),e.constant(vc(s,n*r)))}function a1(e,t){let[n]=t;if(t.length===1)return n;let[r=0,o=0]=n.shape,s=t.length;return t.map((a,c)=>{let u=new Int32Array(r*s).fill(-1);for(let l=0;l<r;l++)u[l*s+c]=l;return Bt(e,a,e.constant(u),e.constant(vc(u,r)))}).reduce((a,c)=>tm(e,a,c)).view([r,o*s])}function c1(e,t,n,r){let[o=0,s=0]=t.shape,i=Sh(n,Math.sqrt(o/n),r);return Bt(e,t,e.constant(i),e.constant(vc(i,o))).view([o/r**2,s*r**2])}function vc(e,t){let n=new Int32Array(t).fill(-1);return e.forEach((r,o)=>{r>=0&&(n[r]=o)}),n}var um=`// SwiGLU's gradient: d gate = dy\xB7up\xB7silu'(gate), d up = dy\xB7silu(gate), side by side as in swiglu.wgsl.
// One invocation an element T of dy: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>;  // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> dy: array<T>; // [rows, width]
@group(0) @binding(2) var<storage, read_write> dx: array<T>; // [rows, 2\xB7width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu_backward(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  let g = dy[i];
  dx[at] = g * up * s * (1.0 + gate * (1.0 - s));
  dx[at + p.width] = g * gate * s;
}
`;var lm=`// SwiGLU: y = silu(gate)\xB7up, with gate and up side by side in one tensor [rows, 2\xB7width].
// One invocation an element T of y: four values where the width is a multiple of 4.

//#include spread
//#include stored_elements

struct Params { rows: u32, width: u32 } // width in T

@group(0) @binding(0) var<storage, read_write> x: array<X>; // [rows, 2\xB7width]
@group(0) @binding(1) var<storage, read_write> y: array<Y>; // [rows, width]
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn swiglu(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.rows * p.width) { return; }
  let at = (i / p.width) * 2u * p.width + i % p.width;
  let gate = T(x[at]);
  let up = T(x[at + p.width]);
  let s = 1.0 / (1.0 + exp(-gate));
  y[i] = Y(gate * s * up);
}
`;function dm(e,t,n){return{name:e,wgsl:t,constants:({width:r})=>({VECTOR:+(r%4===0)}),bindings:()=>n,f16:["x","y"],params:({rows:r,width:o})=>[r,o/fm(o)],workgroup:()=>64,groups:({rows:r,width:o},s)=>L(r*o/fm(o),s)}}var f1=dm("swiglu",lm,["x","y"]),d1=dm("swiglu_backward",um,["x","dy","dx"]);function fm(e){return e%4===0?4:1}function pm(e,t){let[n,r]=Se(t);if(r%2!==0)throw new Error(`swiglu: the last size must be even, found shape [${t.shape}]`);let o=r/2,s=e.result([...t.shape.slice(0,-1),o],"swiglu");return e.dispatch(f1,{rows:n,width:o},[t,s]),e.needsGrad(t)&&e.differentiable(s,i=>{e.assign(t,a=>e.dispatch(d1,{rows:n,width:o},[t,i,a]))}),s}function hm(e,t,n,r,o,s,i){let{heads:a,groups:c,eps:u}=s,l=Jr(e,t,o.inputNorm,u),f=(g,{weight:w,..._},b)=>Rt(e,g,w,{..._,residual:b}),d=Jp(e,f(l,o.qkv),n,r,a+2*c,a+c),p=f(i(d),o.out,t),h=Jr(e,p,o.mlpNorm,u),m=pm(e,f(h,o.gateUp));return f(m,o.down,p)}function Ps(e,{lora:t,trainable:n}){let r=t&&Oh(e,t.choose),o=[...r?.sites.keys()??[]],s=new Set(e.flatMap(c=>{let u=new Set(c.bundles.flat().map(({name:l})=>l));return o.some(l=>u.has(l))?[c.name]:[]})),a=[...n??e.map(({name:c})=>c)].filter(c=>!s.has(c));return{plan:r,addedTo:s,modules:r?[...e,r.module]:[...e],trainable:r?[...a,oe]:a}}var er=class e{gpu;config;parameters;source;lora;addedTo;#e;constructor(t,n,r={}){this.gpu=t,this.config=n;let{lora:o,storage:s}=r,{plan:i,addedTo:a,modules:c,trainable:u}=Ps(Pt(n),r);this.addedTo=a,this.parameters=new Hr(t,c,{storage:s,trainable:u}),this.lora=i&&new Ts(this.parameters,i,o);let{max_position_embeddings:l,head_dim:f,rope_theta:d,rope_scaling:p}=n.text_config;this.#e=G.of(t,[l,2,f/2],Yp(l,f,d,p))}static create(t,n,r,o={}){let s=new e(t,n,o),i=Hr.initial(s.parameters,s.layout,new J(r));return s.parameters.values.write(t,i),s}get layout(){return[...Pt(this.config),...this.lora?[this.lora.plan.module]:[]]}runsVision(t){return t.has("vision")||t.has(oe)&&this.addedTo.has("vision")}get imageId(){return this.config.image_token_id}get vocabulary(){return this.config.text_config.vocab_size}get maxPositions(){return this.config.text_config.max_position_embeddings}get layers(){return this.config.text_config.num_hidden_layers}get width(){return this.config.text_config.hidden_size}get pixelShape(){let{num_channels:t,image_size:n}=this.config.vision_config;return[t,n,n]}get imageTokens(){return rn(this.config)}get imageSize(){return this.config.vision_config.image_size}get featureWidth(){return Gn(this.config)}get paddingId(){return this.config.text_config.padding}get names(){return xe(this.config).names}get heads(){let{num_attention_heads:t,num_key_value_heads:n,head_dim:r}=this.config.text_config;return{heads:t,groups:n,headSize:r}}vision(t,n,r,o){return cm(t,this,n,r,o)}project(t,n,r,o){let{connector:s}=this.config,i=f=>`${this.names.projector}.${f}`,a=f=>this.parameters.tensor([i(f)],r.has("projector")),c=(f,d,p={})=>Rt(t,f,a(`${d}.weight`),{...p,lowRank:this.lora?.of([i(`${d}.weight`)],r.has(oe),o)});if(s.kind==="pixel-shuffle")return c(n,"modality_projection.proj");let u=f=>s.bias?a(`${f}.bias`):void 0,l=c(n,"linear_1",{bias:u("linear_1"),activation:s.activation});return c(l,"linear_2",{bias:u("linear_2")})}embed(t,n,r,o){let s=[`${this.names.language}.embed_tokens.weight`],i=this.parameters.tensor(s,o.has("language"));return Rs(t,i,n,r)}decode(t,n,r,o,s,i){let a=s.has("language"),{num_hidden_layers:c,rms_norm_eps:u,attention_bias:l,mlp_bias:f}=this.config.text_config;for(let d=0;d<c;d++){let p=(w,_)=>_.map(b=>`${this.names.language}.layers.${d}.${b}.${w}`),h=(w,..._)=>this.parameters.tensor(p(w,_),a),m=(w,..._)=>({weight:h("weight",..._),bias:w?h("bias",..._):void 0,lowRank:this.lora?.of(p("weight",_),s.has(oe),i)}),g=n;n=t.checkpoint(()=>hm(t,g,r,this.#e,{inputNorm:h("weight","input_layernorm"),qkv:m(l!=="none","self_attn.q_proj","self_attn.k_proj","self_attn.v_proj"),out:m(l==="all","self_attn.o_proj"),mlpNorm:h("weight","post_attention_layernorm"),gateUp:m(f,"mlp.gate_proj","mlp.up_proj"),down:m(f,"mlp.down_proj")},{...this.heads,eps:u},w=>o(d,w)))}return n}finish(t,n,r){let o=this.parameters.tensor([`${this.names.language}.norm.weight`],r.has("language"));return Jr(t,n,o,this.config.text_config.rms_norm_eps)}head(t){let n=this.config.text_config.tie_word_embeddings?`${this.names.language}.embed_tokens.weight`:this.names.head;return this.parameters.tensor([n],t.has("language"))}destroy(){this.parameters.destroy(),this.#e.destroy(this.gpu)}};function js(e,t,n){return(r,o)=>Is(e,o,t,n,!0)}var Bs=class{#e;#t;#n;#r;#o;#i;constructor(t,{tensor:n}){this.#e=t,this.#t=n.slot.buffer,this.#o=n.slot.offset+n.offset,this.#r=n.dtype==="f16",this.#n={count:n.size}}add(t){if(t instanceof Uint16Array!==this.#r||t.length>this.#n.count)throw new Error(`expected at most ${this.#n.count} values of the bundle's type`);if(this.#n.count-=t.length,!this.#r||t instanceof Float32Array)return this.#s(t);let n=t;if(this.#i!==void 0&&(n=new Uint16Array(t.length+1),n[0]=this.#i,n.set(t,1),this.#i=void 0),n.length%2===1)if(this.#n.count>0)this.#i=n.at(-1),n=n.subarray(0,-1);else{let r=new Uint16Array(n.length+1);r.set(n),n=r}this.#s(n)}#s(t){t.length!==0&&(this.#e.device.queue.writeBuffer(this.#t,this.#o,t),this.#o+=t.byteLength)}};function cn(e,t=", "){let n=e.length-20;return e.slice(0,20).join(t)+(n>0?`${t}and ${n} more`:"")}var p1=/(^|\.)(position_ids|inv_freq|masked_bias|num_batches_tracked|original_inv_freq)$/,h1=32<<20;function mm({config:e,parameters:t},n){let{plainName:r,names:o}=xe(e),s=new Map(t.bundles.flatMap(({module:p,places:h})=>p===oe?[]:h.map(m=>[m.name,m]))),i=new Map([...s.keys()].map(p=>[r(p),p])),a={tensors:new Map,tiedHead:void 0},c=[],u=[];for(let p of n.values()){let h=r(p.name),m=i.get(h);if(m===void 0){h===o.head&&!a.tiedHead?a.tiedHead=p:p1.test(p.name)||u.push(p.name);continue}let g=a.tensors.get(m);g&&c.push(`${p.name} and ${g.name} are the same parameter`),a.tensors.set(m,p)}let l=`${o.language}.embed_tokens.weight`;a.tiedHead&&e.text_config.tie_word_embeddings&&!a.tensors.has(l)&&(a.tensors.set(l,a.tiedHead),a.tiedHead=void 0);for(let[p,h]of a.tensors){let{shape:m}=s.get(p);h.shape.join()!==m.join()&&c.push(`${h.name}: expected shape [${m}] by config.json, found [${h.shape}]`)}let f=[...s.keys()].filter(p=>!a.tensors.has(p)),d=[...c.length>0?[cn(c,"; ")]:[],...f.length>0?[`missing: ${cn(f)}`]:[],...u.length>0?[`unknown to a model of this config.json: ${cn(u)}`]:[]];if(d.length>0)throw new y(`checkpoint: ${d.join("; ")}`);return a}async function gm({gpu:e,parameters:t,names:n},r){let o=[],s=0,i=async u=>{s+=u,!(s<h1)&&(s=0,await e.settle())};for(let u of t.bundles){if(u.module===oe&&!r.adapter)continue;let l=new Bs(e,u);for(let f of u.places){let d=await g1(m1(r,f.name),u,l,i);d&&o.push(d)}}if(await e.settle(),o.length>0)throw new y(`checkpoint: ${cn(o,"; ")}`);let{tiedHead:a}=r,c=r.tensors.get(`${n.language}.embed_tokens.weight`);if(a&&!await _1(a,c))throw new y(`checkpoint: config.json ties the head to the embeddings, but ${a.name} and ${c.name} hold different values; set tie_word_embeddings to false, or take the head out`)}function m1({tensors:e,adapter:t},n){return t?.get(n)??e.get(n)}async function g1(e,{tensor:{dtype:t}},n,r){let o=0,s=0;for await(let i of In(e)){let a=zo(i,e.dtype);o+=ef(a),t==="f16"?(e.dtype!=="F16"&&(s=Math.max(s,Ir(a))),n.add(w1(e.dtype==="F16"?i:new Float16Array(a)))):n.add(a),await r(a.byteLength)}if(o>0)return`${e.name}: ${o} of ${he(e.shape)} values are NaN or infinite`;if(s>=65520)return`${e.name}: its largest value is ${s}, f16 ends at 65,504; hold it in f32 (--storage f32)`}function w1({buffer:e,byteOffset:t,byteLength:n}){return new Uint16Array(e,t,n/2)}async function _1(e,t){if(e.shape.join()!==t.shape.join()||e.dtype!==t.dtype)return!1;let n=In(t);for await(let r of In(e)){let{value:o}=await n.next();if(!o||!y1(r,o))return!1}return!0}function y1(e,t){if(e.length!==t.length)return!1;for(let n=0;n<e.length;n++)if(e[n]!==t[n])return!1;return!0}var zs="adapter_config.json",Xr="adapter_model.safetensors",b1="auto_mapping corda_config ensure_weight_tying eva_config exclude_modules inference_mode layers_pattern layers_to_transform loftq_config lora_ga_config megatron_config megatron_core modules_to_save peft_version qalora_group_size revision runtime_config target_modules task_type velora_config".split(/\s+/),v1=/^(pissa|corda|olora|loftq)/i;function x1(e){let t=new Ae(e,"",zs);t.word("peft_type",["LORA"],"LORA"),t.only("bias","none");let n=t.get("init_lora_weights");if(typeof n=="string"&&v1.test(n))throw t.error(`init_lora_weights must leave the base as it is, found ${JSON.stringify(n)}, which takes from the base what A and B start with. Save the adapter by PEFT with path_initial_model_for_weight_conversion, which makes it one of the base itself`);let r=t.get("base_model_name_or_path");if(r!==void 0&&typeof r!="string")throw t.error("base_model_name_or_path must be a name or a path");let o={base:r,rank:t.whole("r",8),alpha:t.number("lora_alpha",8),rankPattern:wm(t,"rank_pattern",s=>Number.isInteger(s)&&s>0),alphaPattern:wm(t,"alpha_pattern",Number.isFinite),scaling:t.flag("use_rslora",!1)?"rs":"standard",dropout:t.number("lora_dropout",0)};if(!(o.dropout>=0&&o.dropout<1))throw t.error(`lora_dropout must be a share from 0 to below 1, found ${o.dropout}`);return t.done(b1),o}function wm(e,t,n){let r=e.get(t)??{};if(typeof r!="object"||Array.isArray(r))throw e.error(`${t} must be an object`);let o=Object.entries(r);for(let[s,i]of o){if(!/^[\w.]+$/.test(s))throw e.error(`${t}: expected ends of layers' names, found the pattern ${JSON.stringify(s).slice(0,100)}; write the names out`);if(typeof i!="number"||!n(i))throw e.error(`${t}: expected a number for ${s}, found ${JSON.stringify(i)?.slice(0,100)}`)}return Object.fromEntries(o)}function xc(e,t,n){let r=Object.keys(e).find(o=>t===o||t.endsWith(`.${o}`));return r===void 0?n:e[r]}function _m(e,t,n){return JSON.stringify({alpha_pattern:e.alphaPattern,base_model_name_or_path:e.base??null,bias:"none",fan_in_fan_out:!1,inference_mode:!0,init_lora_weights:!0,lora_alpha:e.alpha,lora_dropout:e.dropout,modules_to_save:n.length===0?null:n,peft_type:"LORA",r:e.rank,rank_pattern:e.rankPattern,target_modules:t,task_type:null,use_dora:!1,use_rslora:e.scaling==="rs"},null,2)+`
`}function ym(e){let t;try{t=JSON.parse(e)}catch(n){throw new y(`${zs}: expected JSON (${n.message.slice(0,200)})`)}return x1(t)}function bm({rank:e,alpha:t,scaling:n}){return t/(n==="rs"?Math.sqrt(e):e)}function vm(e,t,n){let{plainName:r}=xe(n),o=new Map(Pt(n).flatMap(({bundles:l})=>l.flat()).map(l=>[l.name,l])),s=new Map([...o.keys()].map(l=>[r(l),l])),i=new Map,a=new Map,c=[];for(let l of e.values()){let f=l.name.replace(/^base_model\.model\./,"").replace(/\.modules_to_save(\.\w+)?\./,"."),d=f.match(/^(.*)\.lora_([AB])(?:\.\w+)?\.weight$/),p=s.get(r(d?`${d[1]}.weight`:f));if(p===void 0||d&&o.get(p).linear!==!0){c.push(`${l.name} belongs to no ${d?"linear layer":"parameter"} of the model`);continue}let h=d?`${ht(p)}.lora_${d[2]}.weight`:p;if(a.has(h)&&c.push(`${l.name} is there twice`),a.set(h,l),d){let m=i.get(p)??{layer:d[1]};i.set(p,{...m,[d[2]==="A"?"a":"b"]:l})}else l.shape.join()!==o.get(p).shape.join()&&c.push(`${l.name}: expected shape [${o.get(p).shape}], found [${l.shape}]`)}let u=new Map;for(let[l,{layer:f,a:d,b:p}]of i){if(!d||!p){c.push(`${f}: expected lora_A and lora_B, found lora_${d?"A":"B"} alone`);continue}let h=xc(t.rankPattern,f,t.rank),m=xc(t.alphaPattern,f,t.alpha),[g,w]=o.get(l).shape;for(let[_,b]of[[d,[h,w]],[p,[g,h]]])_.shape.join()!==b.join()&&c.push(`${_.name}: expected shape [${b}] by model and rank, found [${_.shape}]`);u.set(l,{rank:h,scale:bm({rank:h,alpha:m,scaling:t.scaling})})}if(c.length>0)throw new y(`${Xr}: ${cn(c,"; ")}`);if(u.size===0)throw new y(`${Xr}: expected lora_A and lora_B, found none`);return{ranks:u,tensors:a}}async function*Yr(e){yield await Promise.resolve(e)}function xm(e){let t={__metadata__:{format:"pt"}},n=0;for(let{name:i,dtype:a,shape:c,bytes:u}of e)t[i]={dtype:a,shape:c,data_offsets:[n,n+=u]};let r=JSON.stringify(t);r+=" ".repeat((8-new TextEncoder().encode(r).length%8)%8);let o=new TextEncoder().encode(r),s=new Uint8Array(Qe+o.length);return new DataView(s.buffer).setBigUint64(0,BigInt(o.length),!0),s.set(o,Qe),s}var km=16<<20;async function kc(e,t,n={}){let r=$1(e,n);await t.write("config.json",Yr(new TextEncoder().encode(E1(e,r))));let o=S1(r,n.shardBytes??5e9),s=o.map((c,u)=>o.length===1?Rn:`model-${`${u+1}`.padStart(5,"0")}-of-${`${o.length}`.padStart(5,"0")}.safetensors`);for(let[c,u]of o.entries())await t.write(s[c],$c(e.gpu,u));if(o.length===1)return;let i=Object.fromEntries(o.flatMap((c,u)=>c.map(({name:l})=>[l,s[u]]))),a=r.reduce((c,{bytes:u})=>c+u,0);await t.write(Ze,Yr(k1({metadata:{total_size:a},weight_map:i})))}function k1(e){return new TextEncoder().encode(JSON.stringify(e,null,2)+`
`)}function $1({parameters:e,source:t,names:n,lora:r},{dtype:o="f32"}){let s=[];for(let a of e.bundles)if(a.module!==oe)for(let c of a.places){let u=t?.tensors.get(c.name),l=u&&u.dtype in aa?u.dtype:"F32",f=t?.adapter?.has(c.name)||r?.plan.sites.has(c.name),d=e.trainable.has(a.module)||f,p=d&&o==="f32"?"F32":l,h=l==="F64"?!1:a.tensor.dtype==="f32"||l==="F16",m=!d&&!h?u:void 0,{shape:g}=c,w=he(g)*Ye.get(p);s.push({name:u?.name??c.name,dtype:p,shape:g,bytes:w,bundle:a,place:c,copied:m})}let i=s.find(({place:a})=>a.name===`${n.language}.embed_tokens.weight`);return t?.tiedHead&&i&&s.push({...i,name:t.tiedHead.name}),s.sort((a,c)=>Ye.get(c.dtype)-Ye.get(a.dtype))}function E1({config:e,source:t},n){let r=new Set(n.map(({dtype:c})=>c)),[o]=r,s=aa[r.size===1?o:r.has("F64")?"F64":"F32"],a=(t?.config??JSON.stringify(e.json,null,2)+`
`).replace(/("(?:torch_)?dtype"\s*:\s*)"\w*"/g,`$1"${s}"`);return r.size===1||"dtype"in e.json||"torch_dtype"in e.json?a:a.replace("{",`{
  "dtype": "${s}",`)}function S1(e,t){let n=[[]],r=0;for(let o of e)r>0&&r+o.bytes>t&&(n.push([]),r=0),n.at(-1).push(o),r+=o.bytes;return n}async function*$c(e,t){yield xm(t);for(let n of t){if(n.copied){yield*In(n.copied);continue}for await(let r of A1(e,n)){if(n.dtype==="F16"&&Ir(r)>=65520)throw new ne(`${n.name}: its largest value, ${Ir(r)}, is beyond the base's f16; save it with --save-dtype f32`);yield Zl(r,n.dtype)}}}async function*A1(e,{bundle:{tensor:t,places:n},place:r}){let o=t.dtype==="f16",s=o?2:4,i=t.slot.offset+t.offset+(r.offset-n[0].offset)*s;for(let a=0;a<r.size*s;a+=km){let c=i+a,u=Math.min(km,r.size*s-a),l=c%4,f=await e.read(t.slot.buffer,c-l,u+l);yield o?new Float32Array(new Float16Array(f,l,u/s)):new Float32Array(f,0,u/s)}}async function $m(e,t,n,{adapter:r,...o}={}){let s=Lt(typeof t=="string"?M1(t):t),i=await fa(n),a=r&&await O1(r,s),c=a&&{...a.lora,...o.lora&&T1(o.lora)},u=new er(e,s,{...o,...c&&{lora:c}});try{return u.source={...mm(u,i),config:typeof t=="string"?t:void 0,adapter:a?.tensors},await gm(u,u.source),a||u.lora?.start(),u}catch(l){throw u.destroy(),l}}async function O1({config:e,weights:t},n){let r=ym(e),{ranks:o,tensors:s}=vm(await fa([t]),r,n),{dropout:i,scaling:a}=r;return{lora:{choose:u=>o.get(u),dropout:i,seed:0,scaling:a},tensors:s}}function T1({dropout:e,seed:t}){return{dropout:e,seed:t}}function M1(e){try{return JSON.parse(e)}catch(t){throw new y(`config.json: expected JSON (${t.message.slice(0,200)})`)}}var N1=64,C1=16384,I1=3;function qs(e){return Math.max(1,Math.min(N1,Math.floor(C1/e)))}function Em(e,t){let n=new we(e.gpu);return Sm(n,e,Math.min(qs(ve(e.config.vision_config)+1),t)),n.need()}function Sm(e,t,n){let r=e.input("pixels",[n,...t.pixelShape]);return e.output(e.noGrad(()=>t.vision(e,r,new Set)))}async function Am(e,t){let{pixelShape:n,imageTokens:r,featureWidth:o,gpu:s}=e,i=he(n),a=[],c=Math.min(qs(ve(e.config.vision_config)+1),t.length);if(c===0)return a;let u=new we(s),l=Sm(u,e,c),f=u.compile(),d=r*o,p=[],h=async()=>{let{count:m,values:g}=p.shift(),w=await g;for(let _=0;_<m;_++)a.push(w.slice(_*d,(_+1)*d))};try{await s.compiled();for(let m=0;m<t.length;m+=c){let g=t.slice(m,m+c),w=new Float32Array(c*i);g.forEach((_,b)=>{if(_.length!==i)throw new Error(`expected ${i} pixel values an image, found ${_.length}`);w.set(_,b*i)}),f.upload({pixels:w}),f.run(),p.push({count:g.length,values:l.read(s)}),p.length>=I1&&await h()}for(;p.length>0;)await h()}finally{await Promise.allSettled(p.map(({values:m})=>m)),f.destroy()}return a}var Om=65535;function Ds(e,t,n,r){let{ids:o,images:s}=t,{vocabulary:i,maxPositions:a,imageTokens:c,imageId:u,gpu:l}=e,f=w=>new y(`${r}: ${w}`);if(o.length===0)throw f("expected at least one token, found none");if(o.length>a)throw f(`${o.length} tokens are over the model's ${a} positions; shorten it`);let{heads:d,groups:p}=e.heads,h=2*o.length*d/p;if(Te(l)==="cpu"&&h>Om)throw f(`${o.length} tokens make attention loop ${h} times, and drivers that run on the CPU may cut loops at ${Om} in silence; shorten it, or use a graphics card`);let m=0;for(let w of o)if(w===u)m++;else if(w<0||w>=i)throw f(`token ${w} is not in the vocabulary of ${i}`);if(m!==s.length*c)throw f(`expected ${c} image placeholders for each of ${s.length} images, found ${m}`);let g=s.find(w=>w.length!==n);if(g)throw f(`expected ${n} values an image, found ${g.length}`)}var R1=32;function Ws(e){let t=e.reduce((r,{ids:o})=>r+o.length,0),n=e.reduce((r,o)=>r+o.images.length,0);return{rows:tr(t),images:Math.max(1,n)}}function tr(e){let t=Math.max(R1,2**Math.floor(Math.log2(Math.max(1,e))-3));return Math.max(t,Math.ceil(e/t)*t)}function Us(e,{rows:t,images:n},r){return{index:{ids:e.input("ids",[t],"i32"),image:e.input("image",[t],"i32"),place:e.input("place",[n*r],"i32"),held:e.input("held",[t,3],"i32"),rows:e.input("rows",[t],"i32")},positions:e.input("positions",[t],"i32"),span:e.input("span",[t,2],"i32")}}function Fs(e,{rows:t,images:n},{imageTokens:r,imageId:o,paddingId:s}){let i=new Int32Array(e.reduce((l,{ids:f})=>l+f.length,0)),a=new Int32Array(t),c=0;for(let{ids:l}of e){i.set(l,c);for(let f=0;f<l.length;f++)a[c+f]=f;c+=l.length}let u=e.reduce((l,f)=>l+f.images.length,0)*r;return{...Ls(i,{imageId:o,rows:t,features:n*r,used:u,padding:s}),positions:a,span:As(e.map(({ids:l})=>l.length),t)}}function Ks(e,t,n){let r=new Float32Array(t*n),o=0;for(let s of e.flatMap(i=>i.images)){if(s.length!==n)throw new Error(`expected ${n} values an image, found ${s.length}`);r.set(s,n*o++)}return r}var Tm=`// The end of a generation step: each row takes its next token and moves on by one place.
//
// Greedy: the best of the parts that best_tokens.wgsl left, the first of equals; with CHOSEN the token that the host put
// into \`token\`. A row is done once it has taken a token of \`stops\`, or the most it may; then it keeps its last token and
// stays where it is. state [rows, 2]: tokens taken, done. An invocation a row.

struct Params { rows: u32, most: u32, stops: u32, parts: u32, words: u32 }

@group(0) @binding(0) var<storage, read_write> token: array<i32>;     // [rows] the token taken
@group(0) @binding(1) var<storage, read_write> position: array<i32>;  // [rows] += 1
@group(0) @binding(2) var<storage, read_write> place: array<i32>;     // [rows] += 1: where its key goes
@group(0) @binding(3) var<storage, read_write> state: array<i32>;
@group(0) @binding(4) var<storage, read_write> output: array<i32>;    // [rows, most]
@group(0) @binding(5) var<storage, read_write> stops: array<i32>;     // [stops]
//#if CHOSEN
@group(0) @binding(6) var<uniform> p: Params;
//#elif PENALTY
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;    // [rows, parts] the logit's bits, the token
@group(0) @binding(7) var<storage, read_write> seen: array<u32>;      // [rows, words] a bit a token
@group(0) @binding(8) var<uniform> p: Params;
//#else
@group(0) @binding(6) var<storage, read_write> best: array<vec2u>;
@group(0) @binding(7) var<uniform> p: Params;
//#end CHOSEN

@compute @workgroup_size(\${WORKGROUP})
fn advance(@builtin(global_invocation_id) id: vec3u) {
  let row = id.x;
  if (row >= p.rows) { return; }
  let taken = u32(state[2u * row]);
  if (state[2u * row + 1u] != 0 || taken >= p.most) { return; }
  //#if CHOSEN
  let next = token[row];
  //#else
  var chosen = best[row * p.parts].y;
  var most = bitcast<f32>(best[row * p.parts].x);
  for (var k = 1u; k < p.parts; k++) {
    let part = best[row * p.parts + k];
    let value = bitcast<f32>(part.x);
    if (value > most || (value == most && part.y < chosen)) {
      most = value;
      chosen = part.y;
    }
  }
  let next = i32(chosen);
  token[row] = next;
  //#end CHOSEN
  //#if PENALTY
  seen[row * p.words + chosen / 32u] |= 1u << (chosen % 32u);
  //#end PENALTY
  var done = taken + 1u >= p.most;
  for (var k = 0u; k < p.stops; k++) { done = done || next == stops[k]; }
  output[row * p.most + taken] = next;
  state[2u * row] = i32(taken + 1u);
  state[2u * row + 1u] = select(0, 1, done);
  position[row] += 1;
  place[row] += 1;
}
`;var Mm=`// The largest logit of each part of a row, the first of equals: part k has entries 4\xB7k \u2026 4\xB7k + 3 of every 4\xB7parts.
//
// With PENALTY the logits of tokens that the row has seen are first divided by the penalty, or multiplied where they
// are negative (Keskar et al. 2019). An invocation a part; advance.wgsl takes the best of the parts.

//#include spread

struct Params { rows: u32, vocab: u32, parts: u32, penalty: f32, words: u32 }

@group(0) @binding(0) var<storage, read_write> z: array<f32>;       // [rows, vocab]
@group(0) @binding(1) var<storage, read_write> best: array<vec2u>;  // [rows, parts] the logit's bits, the token
//#if PENALTY
@group(0) @binding(2) var<storage, read_write> seen: array<u32>;    // [rows, words] a bit a token
@group(0) @binding(3) var<uniform> p: Params;
//#else
@group(0) @binding(2) var<uniform> p: Params;
//#end PENALTY

fn logit(row: u32, token: u32) -> f32 {
  let value = z[row * p.vocab + token];
  //#if PENALTY
  if (((seen[row * p.words + token / 32u] >> (token % 32u)) & 1u) == 0u) { return value; }
  return select(value / p.penalty, value * p.penalty, value < 0.0);
  //#else
  return value;
  //#end PENALTY
}

@compute @workgroup_size(\${WORKGROUP})
fn best_tokens(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.parts;
  if (row >= p.rows) { return; }
  let first = 4u * (i % p.parts);
  var chosen = min(first, p.vocab - 1u);
  var most = logit(row, chosen);
  for (var at = first; at < p.vocab; at += 4u * p.parts) {
    //#repeat j 4
    let token\${j} = min(at + \${j}u, p.vocab - 1u);
    let value\${j} = logit(row, token\${j});
    if (value\${j} > most) {
      most = value\${j};
      chosen = token\${j};
    }
    //#end j
  }
  best[i] = vec2u(bitcast<u32>(most), chosen);
}
`;var j1={name:"best_tokens",wgsl:Mm,constants:({penalty:e})=>({PENALTY:+(e!==1)}),bindings:({penalty:e})=>["z","best",...e===1?[]:["seen"]],params:({rows:e,vocab:t,parts:n,penalty:r})=>[e,t,n,H(r),Qr(t)],groups:({rows:e,parts:t},n)=>L(e*t,n)},Nm={name:"advance",wgsl:Tm,constants:({chosen:e,penalty:t})=>({CHOSEN:Number(e),PENALTY:Number(t)}),bindings:({chosen:e,penalty:t})=>["token","position","place","state","output","stops",...e?[]:["best"],...t?["seen"]:[]],params:({rows:e,vocab:t,most:n,stops:r,parts:o})=>[e,n,r,o,Qr(t)],groups:({rows:e},t)=>[Math.ceil(e/t),1,1]};function Qr(e){return Math.ceil(e/32)}var B1={cpu:16,gpu:256},z1=65535;function Ec(e,t,n,r){let[o=0,s=0]=t.output.shape,[i=0]=t.stops.shape,a=[t.token,t.position,t.place,t.state,t.output,t.stops];if(!n){let h={rows:o,vocab:0,most:s,stops:i,parts:0,chosen:!0,penalty:!1};e.dispatch(Nm,h,a);return}z("advance","logits",n.shape,[o,-1]);let c=n.shape[1],u=r?.penalty??1,l=r&&u!==1?[r.seen]:[];for(let{shape:h}of l)z("advance","seen",h,[o,Qr(c)]);let f=Math.max(B1[Te(e.gpu)],Math.ceil(c/(4*z1))),d=e.empty([o,f,2],"best tokens","i32");e.dispatch(j1,{rows:o,vocab:c,parts:f,penalty:u},[n,d,...l]);let p={rows:o,vocab:c,most:s,stops:i,parts:f,chosen:!1,penalty:u!==1};e.dispatch(Nm,p,[...a,d,...l])}var Cm=`// Key-value cache: copies the keys and values of each row of qkv [rows, skip + width] into row place[row] of the
// cache [places, width]; a negative place is padding. skip: the queries. An invocation an element of the cache row.

//#include spread

struct Params { rows: u32, skip: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<f32>;
@group(0) @binding(1) var<storage, read_write> place: array<i32>;
@group(0) @binding(2) var<storage, read_write> kept: array<f32>;
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cache(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let row = i / p.width;
  if (row >= p.rows || place[row] < 0) { return; }
  kept[u32(place[row]) * p.width + i % p.width] = qkv[row * (p.skip + p.width) + p.skip + i % p.width];
}
`;var D1={name:"cache",wgsl:Cm,constants:()=>({}),bindings:()=>["qkv","place","kept"],params:({rows:e,skip:t,width:n})=>[e,t,n],workgroup:()=>64,groups:({rows:e,width:t},n)=>L(e*t,n)};function Zr({groups:e,headSize:t}){return 2*e*Qn(t)}function Sc(e,t,n,r,o){let{heads:s,groups:i,headSize:a}=o,c=Qn(a),[u=0]=t.shape,l=Zr(o);z("cache","qkv",t.shape,[u,(s+2*i)*a]),z("cache","cache",r.shape,[-1,l]),z("cache","place",n.shape,[u]);let f=c===a?t:jt(e,t,a,c);e.dispatch(D1,{rows:u,skip:s*c,width:l},[f,n,r])}var Im=`// Attention of new rows over the cached keys and values of their sequences (forward only).
//
// Row r's sequence begins at cache row place[r] \u2212 position[r], and place[r] is the last that it sees: its own. Negative
// places are padding. o = softmax(q\xB7K\u1D40\xB7scale)\xB7V by running maximum. An invocation takes HEADS heads that share keys,
// so that each key and value is loaded once for all of them.
//
// With SPLIT a sequence is dealt to p.splits invocations, row by row in turn; each leaves a part that is not divided by
// its sum yet, and cached_attention_join.wgsl puts the parts together. With BLOCK, which long caches have, so many rows
// are added up at a time.

//#include spread

struct Params { rows: u32, heads: u32, groups: u32, splits: u32, scale: f32 }

@group(0) @binding(0) var<storage, read_write> qkv: array<vec4f>;     // [rows, (heads + 2\xB7groups)\xB7D]
@group(0) @binding(1) var<storage, read_write> kept: array<vec4f>;    // [places, 2\xB7groups\xB7D]
@group(0) @binding(2) var<storage, read_write> position: array<i32>;  // [rows]
@group(0) @binding(3) var<storage, read_write> place: array<i32>;     // [rows]
//#if SPLIT
@group(0) @binding(4) var<storage, read_write> parts: array<vec4f>;   // [rows\xB7heads, splits, D]
@group(0) @binding(5) var<storage, read_write> sums: array<vec2f>;    // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(6) var<uniform> p: Params;
//#else
@group(0) @binding(4) var<storage, read_write> o: array<vec4f>;       // [rows, heads\xB7D]
@group(0) @binding(5) var<uniform> p: Params;
//#end SPLIT

//#include lane_sum

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  let shared_by = p.heads / p.groups; // heads
  let tiles = (shared_by + \${HEADS - 1}u) / \${HEADS}u;
  let row = i / (p.splits * tiles * p.groups);
  if (row >= p.rows) { return; }
  let split = i % p.splits;
  let tile = i / p.splits % tiles;
  let group = i / (p.splits * tiles) % p.groups;
  //#repeat h HEADS
  let own\${h} = tile * \${HEADS}u + \${h}u < shared_by;
  let head\${h} = group * shared_by + min(tile * \${HEADS}u + \${h}u, shared_by - 1u);
  let query\${h} = (row * (p.heads + 2u * p.groups) + head\${h}) * \${D4}u;
  var most\${h} = -1e30;
  var sum\${h} = 0.0;
  //#if BLOCK
  var all_most\${h} = -1e30; // of the blocks before, their sums
  var all_sum\${h} = 0.0;
  //#end BLOCK
  //#repeat d D4
  let q\${h}_\${d} = qkv[query\${h} + \${d}u];
  var o\${h}_\${d} = vec4f();
  //#if BLOCK
  var all\${h}_\${d} = vec4f();
  //#end BLOCK
  //#end d
  //#end h
  let stride = 2u * p.groups * \${D4}u;
  let first = u32(max(place[row] - position[row], 0)) * stride + group * \${D4}u;
  let end = select(0u, u32(position[row] + 1), place[row] >= 0);
  //#if BLOCK
  for (var start = split; start < end; start += \${BLOCK}u * p.splits) {
  for (var r = start; r < min(start + \${BLOCK}u * p.splits, end); r += p.splits) {
  //#else
  for (var r = split; r < end; r += p.splits) {
  //#end BLOCK
    let key = first + r * stride;
    let value = key + p.groups * \${D4}u;
    //#repeat h HEADS
    var s\${h} = vec4f();
    //#end h
    //#repeat d D4
    let k\${d} = kept[key + \${d}u];
    //#repeat h HEADS
    s\${h} = fma(q\${h}_\${d}, k\${d}, s\${h});
    //#end h
    //#end d
    //#repeat h HEADS
    let score\${h} = lane_sum(s\${h}) * p.scale;
    let top\${h} = max(most\${h}, score\${h});
    let fade\${h} = exp(most\${h} - top\${h});
    let e\${h} = exp(score\${h} - top\${h});
    most\${h} = top\${h};
    sum\${h} = fma(sum\${h}, fade\${h}, e\${h});
    //#end h
    //#repeat d D4
    let v\${d} = kept[value + \${d}u];
    //#repeat h HEADS
    o\${h}_\${d} = fma(vec4f(e\${h}), v\${d}, o\${h}_\${d} * fade\${h});
    //#end h
    //#end d
  }
  //#if BLOCK
  //#repeat h HEADS
  let fade\${h} = exp(all_most\${h} - most\${h});
  all_most\${h} = most\${h};
  all_sum\${h} = fma(all_sum\${h}, fade\${h}, sum\${h});
  sum\${h} = 0.0;
  //#repeat d D4
  all\${h}_\${d} = fma(all\${h}_\${d}, vec4f(fade\${h}), o\${h}_\${d});
  o\${h}_\${d} = vec4f();
  //#end d
  //#end h
  }
  //#repeat h HEADS
  sum\${h} = all_sum\${h};
  //#repeat d D4
  o\${h}_\${d} = all\${h}_\${d};
  //#end d
  //#end h
  //#end BLOCK
  //#repeat h HEADS
  if (own\${h}) {
    let at\${h} = row * p.heads + head\${h};
    //#if SPLIT
    sums[at\${h} * p.splits + split] = vec2f(most\${h}, sum\${h});
    //#repeat d D4
    parts[(at\${h} * p.splits + split) * \${D4}u + \${d}u] = o\${h}_\${d};
    //#end d
    //#else
    let share\${h} = select(0.0, 1.0 / sum\${h}, sum\${h} > 0.0);
    //#repeat d D4
    o[at\${h} * \${D4}u + \${d}u] = o\${h}_\${d} * share\${h};
    //#end d
    //#end SPLIT
  }
  //#end h
}
`;var Rm=`// Puts together what cached_attention.wgsl left in parts: o = \u03A3 e\u02E2\xB7part / \u03A3 e\u02E2\xB7sum, e\u02E2 = exp(largest of the part \u2212
// largest of all); 0 where there is nothing to attend to. An invocation four values of a row and head.

//#include spread

struct Params { count: u32, splits: u32 }

@group(0) @binding(0) var<storage, read_write> parts: array<vec4f>;  // [rows\xB7heads, splits, D]
@group(0) @binding(1) var<storage, read_write> sums: array<vec2f>;   // [rows\xB7heads, splits] largest score, \u03A3 exp
@group(0) @binding(2) var<storage, read_write> o: array<vec4f>;      // [rows\xB7heads, D]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn cached_attention_join(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = item_index(id, groups);
  if (i >= p.count) { return; }
  let first = i / \${D4}u * p.splits;
  let d = i % \${D4}u;
  var most = -1e30;
  for (var s = 0u; s < p.splits; s++) { most = max(most, sums[first + s].x); }
  var sum = 0.0;
  var total = vec4f();
  for (var s = 0u; s < p.splits; s++) {
    let part = sums[first + s];
    let e = exp(part.x - most);
    sum = fma(e, part.y, sum);
    total = fma(vec4f(e), parts[(first + s) * \${D4}u + d], total);
  }
  o[i] = total * select(0.0, 1.0 / sum, sum > 0.0);
}
`;var Lm={name:"cached_attention",wgsl:Im,constants:({headSize:e,tile:t,splits:n,length:r})=>({D4:e/4,HEADS:t,SPLIT:+(n>1),...Yn(Math.ceil(r/n),n>1?K1:void 0)}),bindings:({splits:e})=>["qkv","kept","position","place",...e>1?["parts","sums"]:["o"]],params:({rows:e,heads:t,groups:n,headSize:r,splits:o,scale:s=1/Math.sqrt(r)})=>[e,t,n,o,H(s)],groups:({rows:e,heads:t,groups:n,tile:r,splits:o},s)=>L(e*n*Math.ceil(t/n/r)*o,s)},F1={name:"cached_attention_join",wgsl:Rm,constants:({headSize:e})=>({D4:e/4}),bindings:()=>["parts","sums","o"],params:({rows:e,heads:t,headSize:n,splits:r})=>[e*t*n/4,r],groups:({rows:e,heads:t,headSize:n},r)=>L(e*t*n/4,r)},K1=256,G1=256,V1={cpu:{enough:64,splits:16},gpu:{enough:2048,splits:64}};function H1(e,t){let{rows:n,heads:r,groups:o,headSize:s}=e,i=r/o,a=t==="cpu"?Math.max(1,Math.floor(G1/s)):1,c=Math.ceil(i/a),{enough:u,splits:l}=V1[t];return{...e,tile:Math.ceil(i/c),splits:n*o*c>=u?1:l}}var Pm=65e3;function Ac(e,t,n,r,o,s){let{heads:i,groups:a,headSize:c}=o,[u=0]=t.shape,[l=0]=n.shape;z("cached attention","qkv",t.shape,[u,(i+2*a)*c]),z("cached attention","cache",n.shape,[l,Zr(o)]),z("cached attention","position",r.position.shape,[u]),z("cached attention","place",r.place.shape,[u]);let f=Qn(c);if(f!==c){let d=jt(e,t,c,f),p={...o,headSize:f,rows:u,length:s,scale:1/Math.sqrt(c)},h=jm(e,[d,n,r.position,r.place],p);return jt(e,h,f,c).view([u,i*c])}return jm(e,[t,n,r.position,r.place],{...o,rows:u,length:s})}function jm(e,t,n){let{rows:r,heads:o,headSize:s,length:i}=n,a={...H1(n,Te(e.gpu)),...n},{splits:c}=a;if(Math.ceil(i/c)>Pm)throw new Error(`cached attention: ${i} rows are over ${Pm*c}; shorten the sequence`);let u=e.empty([r,o*s],"attention");if(c===1)return e.dispatch(Lm,a,[...t,u]),u;let l=e.empty([r*o,c,s],"attention parts"),f=e.empty([r*o,c,2],"attention sums");return e.dispatch(Lm,a,[...t,l,f]),e.dispatch(F1,a,[l,f,u]),u}var Bm=`// Cross-entropy of logits [rows, vocab], in place: the logits are overwritten by their gradient.
//
//   nll[row] = log \u03A3 exp(z) \u2212 z[target],   z \u2190 weight[row]\xB7scale\xB7(softmax(z) \u2212 onehot(target))
//
// A row of target -1 (padding) gives nll 0 and gradient 0. scale is read from scalars[at]: the step's 1/\u03A3 weights.
// Where the vocabulary is large, a workgroup shares a row (SHARED): each invocation takes every WALK-th entry. Otherwise
// one invocation takes it whole; of a long one (BLOCK) so many entries are added up at a time. Three passes over the vocabulary, together under 65,535 trips an invocation.

//#include spread

struct Params { rows: u32, vocab: u32, first: u32, at: u32, gradient: u32 } // first: row of nll, target, weight

@group(0) @binding(0) var<storage, read_write> z: array<f32>;
@group(0) @binding(1) var<storage, read_write> target_id: array<i32>;
@group(0) @binding(2) var<storage, read_write> weight: array<f32>;
@group(0) @binding(3) var<storage, read_write> nll: array<f32>;
@group(0) @binding(4) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

//#include row_reductions

@compute @workgroup_size(\${WORKGROUP})
fn cross_entropy(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) invocation: u32,
) {
  //#if SHARED
  let local = group_index(group, groups);
  let lane = invocation;
  let present = local < p.rows; // all stay until the last barrier
  //#else
  let local = item_index(id, groups);
  if (local >= p.rows) { return; }
  let lane = 0u;
  let present = true;
  //#end SHARED
  let row = p.first + min(local, p.rows - 1u);
  let at = (row - p.first) * p.vocab;
  let goal = target_id[row];
  let end = select(0u, p.vocab, present);
  var most = -1e30;
  for (var i = lane; i < end; i += \${WALK}u) { most = max(most, z[at + i]); }
  most = max_of_row(most, lane);
  var sum = 0.0;
  //#if BLOCK
  for (var start = lane; start < end; start += \${BLOCK * WALK}u) {
    var part = 0.0;
    for (var i = start; i < min(start + \${BLOCK * WALK}u, end); i += \${WALK}u) { part += exp(z[at + i] - most); }
    sum += part;
  }
  //#else
  for (var i = lane; i < end; i += \${WALK}u) { sum += exp(z[at + i] - most); }
  //#end BLOCK
  sum = sum_of_row(sum, lane);
  let aim = z[at + u32(max(goal, 0))];
  //#if SHARED
  storageBarrier(); // nobody overwrites the target's logit before all have read it
  //#end SHARED
  if (!present) { return; }
  if (lane == 0u) { nll[row] = select(0.0, log(sum) + most - aim, goal >= 0); }
  if (p.gradient == 0u) { return; }
  let scale = select(0.0, weight[row] * scalars[p.at], goal >= 0);
  let inverse = scale / sum;
  for (var i = lane; i < p.vocab; i += \${WALK}u) {
    let share = exp(z[at + i] - most) * inverse;
    z[at + i] = select(share, share - scale, i32(i) == goal);
  }
}
`;var zm=`// What the trainer reads of a step, without the device waiting: into line \`slot\` of a ring of lines
//   [loss, gradient norm, then for each task: \u03A3 nll, tokens]
// go the step's weighted loss \u03A3 w\xB7nll\xB7scale and each task's sum of nll and count of tokens.
// An invocation a task (and one for the loss); one loop over the rows, at most 4,096 in a dispatch.
// With p.add (gradient accumulation, more rows) the sums add to what the line holds.

struct Params { rows: u32, tasks: u32, scale_at: u32, slot_at: u32, add: u32 }

@group(0) @binding(0) var<storage, read_write> nll: array<f32>;
@group(0) @binding(1) var<storage, read_write> weight: array<f32>;
@group(0) @binding(2) var<storage, read_write> task: array<i32>; // -1: padding
@group(0) @binding(3) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(4) var<storage, read_write> ring: array<f32>;
@group(0) @binding(5) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn task_sums(@builtin(global_invocation_id) id: vec3u) {
  if (id.x > p.tasks) { return; }
  let own = i32(id.x) - 1;
  let line = u32(scalars[p.slot_at]) * (2u + 2u * p.tasks);
  var sum = 0.0;
  var count = 0.0;
  for (var row = 0u; row < p.rows; row++) {
    if (own < 0) {
      sum += weight[row] * nll[row];
    } else if (task[row] == own) {
      sum += nll[row];
      count += 1.0;
    }
  }
  if (own < 0) {
    let loss = sum * scalars[p.scale_at];
    ring[line] = select(loss, ring[line] + loss, p.add != 0u);
  } else {
    let at = line + 2u + 2u * u32(own);
    ring[at] = select(sum, ring[at] + sum, p.add != 0u);
    ring[at + 1u] = select(count, ring[at + 1u] + count, p.add != 0u);
  }
}
`;var Oc=8192,qm=64,Dm=1024,Y1={name:"cross_entropy",wgsl:Bm,constants({vocab:e}){let t=e>Oc?qm:1;return{SHARED:+(t>1),WALK:t,BLOCK:e>Dm*t?Dm:0}},workgroup:({vocab:e})=>e>Oc?qm:void 0,bindings:()=>["z","target_id","weight","nll","scalars"],params:({rows:e,vocab:t,first:n,at:r,gradient:o})=>[e,t,n,r,Number(o)],groups:({rows:e,vocab:t},n)=>L(e,t>Oc?1:n),label:({rows:e,vocab:t,gradient:n})=>`rows ${e} vocab ${t}${n?" gradient":""}`},Q1={name:"task_sums",wgsl:zm,constants:()=>({}),bindings:()=>["nll","weight","task","scalars","ring"],params:({rows:e,tasks:t,scaleAt:n,slotAt:r,add:o})=>[e,t,n,r,Number(o)],groups:({tasks:e},t)=>L(e+1,t),label:({rows:e,tasks:t})=>`rows ${e} tasks ${t}`},Wm=4096,Z1=64<<20;function Um(e,t,n,r){let[o=0,s=0]=t.shape,[i=0]=n.shape;z("cross-entropy","weight",n.shape,[-1,s]),z("cross-entropy","target",r.target.shape,[o]),z("cross-entropy","row weight",r.weight.shape,[o]);let a=e.needsGrad(t,n),c=e.empty([o],"nll"),u=a&&t.requiresGrad?e.empty([o,s],"d hidden"):void 0,l=Math.floor(Math.min(Z1,e.gpu.largestBinding)/4/i),f=t.dtype==="f16"?128:64,d=l>=f?f:Wr(s*ie[t.dtype]),p=Math.max(d,Math.floor(l/d)*d);for(let h=0;h<o;h+=p){let m=Math.min(p,o-h),g=t.rows(h,m),w=e.empty([m,i],"logits");fe(e,"NT",g,n,w);for(let b of Kn(e.gpu,m,4*i)){let v={rows:b.count,vocab:i,first:h+b.first,at:r.scaleAt,gradient:a},x=b.count===m?w:w.rows(b.first,b.count);e.dispatch(Y1,v,[x,r.target,r.weight,c,r.scalars])}if(!a)continue;u&&fe(e,"NN",w,n,u.rows(h,m));let _=e.target(n);_&&fe(e,"TN",w,g,_.tensor,{add:_.add})}return a&&e.differentiable(c,()=>e.pass(t,u)),c}function Tc(e,t,n){let r=e.empty([t.shape[0]??0,n.shape[0]??0],"logits");return fe(e,"NT",t,n,r),r}function Gs(e,t,n,r,o,s){let{tasks:i,slotAt:a}=s;for(let c=0;c<t.size;c+=Wm){let u=Math.min(Wm,t.size-c),l={rows:u,tasks:i,scaleAt:n.scaleAt,slotAt:a,add:s.add||c>0},f=d=>d.rows(c,u);e.dispatch(Q1,l,[f(t),f(n.weight),f(r),n.scalars,o])}}var mt=new Set;function Fm(e,t,n,r,o,s){if(n>0&&t.length>1)throw new Error("the cache of one prompt can be gone on with");let{imageTokens:i,featureWidth:a}=e,c=Ws(t),u=new we(e.gpu),l=Us(u,c,i),f=new Int32Array(c.rows).fill(-1),d=[],p=0;t.forEach(({ids:b},v)=>{for(let x=0;x<b.length;x++)f[p+x]=v*r.length+n+x;p+=b.length,d.push(p-1)});let h=u.constant(f),m=u.constant(Int32Array.from(d)),g=u.noGrad(()=>{let b=u.input("images",[c.images*i,a]),v=e.embed(u,e.project(u,b,mt),l.index,mt),x=js(u,l.span,e.heads),S={position:l.positions,place:h},O=(M,Z)=>(Sc(u,Z,h,r.layer(M),e.heads),n===0?x(M,Z):Ac(u,Z,r.layer(M),S,e.heads,r.length)),R=e.decode(u,v,l.positions,O,mt),T=e.finish(u,Bt(u,R,m,l.positions),mt);return Tc(u,T,e.head(mt))});Vm(u,o,g,s);let w=u.compile(),_=Fs(t,c,e);return w.upload({..._,positions:_.positions.map(b=>b+n),images:Ks(t,c.images,i*a)}),{program:w,z:g}}function Km(e,t,n,r){let o=n.token.size,s=new we(e.gpu),i=s.constant(new Int32Array(o).fill(-1)),a=s.noGrad(()=>{let c={ids:n.token,image:i,place:s.constant(Int32Array.of(-1)),held:i,rows:i},u=e.embed(s,s.input("no features",[1,e.width]),c,mt),l=(d,p)=>(Sc(s,p,n.place,t.layer(d),e.heads),Ac(s,p,t.layer(d),n,e.heads,t.length)),f=e.decode(s,u,n.position,l,mt);return Tc(s,e.finish(s,f,mt),e.head(mt))});return Vm(s,n,a,r),{program:s.compile(),z:a}}function Gm(e,t){let n=new we(e.gpu);return Ec(n,t),n.compile()}function Vm(e,t,n,r){r.on==="host"?e.output(n):Ec(e,t,n,r.repetition)}var Vs=class{words;#e;constructor(t,n){this.#e=t,this.words=new Int32Array(Qr(t));for(let r of n)this.add(r)}add(t){t<this.#e&&(this.words[t>>5]|=1<<(t&31))}penalised(t,n){return t.map((r,o)=>(this.words[o>>5]>>(o&31)&1)===0?r:r<0?r*n:r/n)}};function eE(e,t){let{temperature:n,topK:r=0,topP:o=1}=t,s=Float32Array.from(e),i=tE(s),a=s[i[0]];if(!Number.isFinite(a))throw new ne(`expected finite logits, found ${a} for token ${i[0]}`);let c=r>0&&r<i.length?s[i[r-1]]:-1/0,u=[],l=[],f=0;for(let h of i){if(s[h]<c)break;let m=Math.exp((s[h]-a)/n);u.push(h),l.push(m),f+=m}let d=0,p=0;for(;d<u.length&&(d===0||p<o*f);)p+=l[d++];return{ids:u.slice(0,d),shares:l.slice(0,d),whole:p}}function Hm(e,t,n){if(t.temperature<=0){let a=0;for(let c=1;c<e.length;c++)e[c]>e[a]&&(a=c);return a}let{ids:r,shares:o,whole:s}=eE(e,t),i=n.next()*s;for(let a=0;a<r.length;a++)if((i-=o[a])<0)return r[a];return r.at(-1)}var eo=2**21;function tE(e){let t=e.length;if(t>eo)throw new RangeError(`expected at most ${eo} logits, found ${t}`);let n=new Int32Array(e.map(o=>o===0?0:o).buffer),r=new Float64Array(t);for(let o=0;o<t;o++){let s=n[o]>=0?-1-n[o]:n[o]&2147483647;r[o]=s*eo+o}return r.sort(),Uint32Array.from(r,o=>o-Math.floor(o/eo)*eo)}var Jm=8;async function Hs(e,t,{prompts:n,held:r,streams:o},s){let{gpu:i}=e,{maxNewTokens:a,stops:c,repetitionPenalty:u=1,temperature:l=0,signal:f}=s,d=n.length,p=(b,v)=>G.of(i,b,v,"i32"),h={token:p([d]),position:p([d],n.map(({ids:b})=>b.length-1)),place:p([d],n.map(({ids:b},v)=>v*t.length+b.length-1)),state:p([d,2]),output:p([d,a]),stops:p([c.length],c)},m=Object.values(h),g=u===1?void 0:n.map(({ids:b})=>new Vs(e.vocabulary,b)),w={on:"host"};if(l===0){let b=g&&{seen:p([d,g[0].words.length],nE(g)),penalty:u};b&&m.push(b.seen),w={on:"device",repetition:b}}let _=new Mc(e,t,h,w,s);try{f?.throwIfAborted();let b=r.tokens===0?n:n.map(({ids:x,images:S})=>({ids:x.subarray(r.tokens),images:S.slice(r.images)})),v=await _.read(b,r.tokens);return w.on==="device"?await _.greedy():await _.drawn(v,o,g,u),await _.answers()}finally{_.destroy();for(let b of m)b.destroy(i)}}function nE(e){let t=new Int32Array(e.length*e[0].words.length);return e.forEach((n,r)=>t.set(n.words,r*n.words.length)),t}var Mc=class{#e;#t;#n;#r;#o;#i=[];#s;#c;#a;constructor(t,n,r,o,s){this.#e=t,this.#t=n,this.#n=r,this.#r=o,this.#o=s,this.#s=r.token.size,this.#c=new Array(this.#s).fill(0)}async read(t,n){let{program:r,z:o}=Fm(this.#e,t,n,this.#t,this.#n,this.#r);return this.#i.push(r),this.#o.maxNewTokens>1&&this.#f(),await this.#e.gpu.compiled(),r.run(),o}async greedy(){let{maxNewTokens:t,onToken:n}=this.#o;if(n)return await this.#u();for(let r=1;r<t;r+=Jm)if(this.#d(Math.min(Jm,t-r)),await this.#l())return}async#u(){let t=this.#l();for(let n=1;n<this.#o.maxNewTokens;n++){if(t.catch(()=>{}),this.#d(1),await t)return;t=this.#l()}await t}async drawn(t,n,r,o){let{gpu:s}=this.#e,{temperature:i=0,maxNewTokens:a,stops:c,onToken:u,signal:l}=this.#o,f=Gm(this.#e,this.#n);this.#i.push(f);let d=n.map(()=>!1);for(let p=1;;p++){let h=await t.read(s);l?.throwIfAborted();let m=h.length/this.#s,g=n.map((w,_)=>{if(d[_])return 0;let b=h.subarray(_*m,(_+1)*m),v=r?r[_].penalised(b,o):b,x=Hm(v,{...this.#o,temperature:i},w);return r?.[_]?.add(x),d[_]=c.includes(x),d[_]||u?.(x,_),x});if(this.#n.token.write(s,Int32Array.from(g)),f.run(),p===a||d.every(w=>w))return;t=this.#d(1)}}#f(){return this.#a||(this.#a=Km(this.#e,this.#t,this.#n,this.#r),this.#i.push(this.#a.program)),this.#a}#d(t){let{program:n,z:r}=this.#f();return n.run(t),r}async#l(){let{gpu:t}=this.#e,{maxNewTokens:n,stops:r,onToken:o,signal:s}=this.#o,[i,a]=await Promise.all([this.#n.state.read(t),o?this.#n.output.read(t):void 0]);return s?.throwIfAborted(),this.#c.forEach((c,u)=>{let l=i[2*u];for(let f of a?.subarray(u*n+c,u*n+l)??[])r.includes(f)||o?.(f,u);this.#c[u]=l}),this.#c.every((c,u)=>i[2*u+1]===1)}async answers(){let{gpu:t}=this.#e,{maxNewTokens:n,stops:r}=this.#o,[o,s]=[await this.#n.state.read(t),await this.#n.output.read(t)];return this.#c.map((i,a)=>{let c=Int32Array.from(s.subarray(a*n,a*n+o[2*a])),u=c.at(-1);return u!==void 0&&r.includes(u)?{ids:c.slice(0,-1),stop:u}:{ids:c,stop:void 0}})}destroy(){for(let t of this.#i)t.destroy()}};function Nc({heads:e}){return Zr(e)}function rE(e,t,n){return e.layers*t*n*Nc(e)*ie.f32}function rr(e,t){return Math.floor(e.gpu.largestBinding/(t*Nc(e)*ie.f32))}var nr=class{rows;#e;#t;#n;constructor(t,n,r){this.rows=n,this.#e=t,this.#n=r,this.#t=Array.from({length:t.layers},()=>this.#r(r))}get length(){return this.#n}get bytes(){return rE(this.#e,this.rows,this.#n)}layer(t){return this.#t[t]}grow(t){if(this.rows!==1)throw new Error(`a cache of one sequence can grow, found one of ${this.rows}`);let{gpu:n}=this.#e;this.#t.forEach((r,o)=>{let s=this.#r(t),i=new we(n);pt(i,s.rows(0,this.#n),r);let a=i.compile();a.run(),a.destroy(),r.destroy(n),this.#t[o]=s}),this.#n=t}#r(t){return G.of(this.#e.gpu,[this.rows*t,Nc(this.#e)])}destroy(){for(let t of this.#t)t.destroy(this.#e.gpu);this.#t.length=0}};function Js(e){let{maxNewTokens:t,stops:n,batchSize:r=64}=e,{temperature:o=0,topK:s=0,topP:i=1,repetitionPenalty:a=1}=e,c=[["maxNewTokens",t,Number.isInteger(t)&&t>=1,"be at least 1"],["batchSize",r,Number.isInteger(r)&&r>=1,"be at least 1"],["temperature",o,o>=0&&o<1/0,"be at least 0"],["topK",s,Number.isInteger(s)&&s>=0,"be a whole number of at least 0"],["topP",i,i>=0&&i<=1,"lie between 0 and 1"],["repetitionPenalty",a,a>0&&a<1/0,"be above 0"],...n.map(u=>["stops",u,u===(u|0),"be token ids"])];for(let[u,l,f,d]of c)if(!f)throw new y(`${u} must ${d}, found ${l}`)}function Xs(e,t,n,r){let{length:o}=t.ids;if(o+n>e.maxPositions)throw new y(`${r}: ${o} tokens and ${n} new ones are over the model's ${e.maxPositions} positions; shorten the prompt or the answer`);if(Ds(e,t,e.imageTokens*e.featureWidth,r),rr(e,o+n)<1)throw new y(`${r}: the keys and values of ${o} tokens and ${n} new ones are over the ${e.gpu.largestBinding} bytes that a binding of this adapter holds; shorten the prompt or the answer`)}function Xm(e,{trainable:t,storage:n="f32"}={}){let r=new Set(t??e.map(({name:s})=>s)),o={values:0,trained:0,largest:{bytes:0,names:[]}};for(let{module:s,shape:i,places:a,start:c,end:u}of Os(e).bundles){let l=n==="f16"&&!r.has(s)&&i.length>1,f=a.reduce((p,{size:h})=>p+h,0),d=l?Math.ceil(f/8)*16:4*(u-c);o.values+=d,r.has(s)&&(o.trained+=d),d>o.largest.bytes&&(o.largest={bytes:d,names:a.map(({name:p})=>p)})}return o}var oE=2e8,sE=64<<20;function Ys(e,t){let{modules:n,trainable:r}=Ps(Pt(e),t),{values:o,trained:s,largest:i}=Xm(n,{...t,trainable:r}),{text_config:a}=e,c=a.max_position_embeddings*a.head_dim*4,u=3*s,l=t.cached*a.num_hidden_layers*2*a.num_key_value_heads*a.head_dim*4,f=iE(e,t)+aE(e,t),d=Math.max(f,t.tiles>0?cE(e):0)+l;return{parameters:o+c,training:u,results:d,device:o+c+u+d,host:oE+3*s,largest:i}}function iE(e,t){let{rows:n,trainable:r}=t,{text_config:o}=e,{hidden_size:s,intermediate_size:i,num_attention_heads:a,head_dim:c}=o,u=a*c,l=u+2*o.num_key_value_heads*c,f=Math.min(sE,(t.logits??n)*o.vocab_size*4)+(t.logits??n)*s*8;if(r.length===0)return Math.max(n*4*(Math.max(3*i,2*l)+s),n*4*s+f);let d=ie[t.storage],p=r.includes("language")?2*s+i:0,h=n*((2*s+l+u+2*i+p)*d+a*4),m=n*4*Math.max(2*i+2*s,2*l+s),g=t.tiles*rn(e)*s*2*4;return o.num_hidden_layers*h+Math.max(m,f)+g}function aE(e,{trainable:t,tiles:n,storage:r}){if(!t.includes("vision"))return 0;let{hidden_size:o,intermediate_size:s,num_attention_heads:i}=e.vision_config,a=n*(ve(e.vision_config)+1);return on(e)*a*((8*o+2*s)*ie[r]+i*4)}function cE(e){let{hidden_size:t,intermediate_size:n}=e.vision_config,r=ve(e.vision_config)+1,o=qs(r),s=rn(e)*Gn(e);return o*(r*4*Math.max(n+2*t,5*t)+s*4)}function Cc(e,t,n){let{imageTokens:r,featureWidth:o,gpu:s}=e,{intermediate_size:i}=e.config.text_config,a=s.largestBinding/ie.f32,c=0,u=0,l=t.findIndex((f,d)=>(c+=f.tokens,u+=f.tiles,d>0&&(rr(e,f.tokens+n)<=d||tr(c)*2*i>a||u*r*o>a||(d+1)*e.vocabulary>a)));return l<0?t.length:l}function Ym(e,t,{maxNewTokens:n,together:r}){let o=0;for(let s=0;s<t.length;){let i=t.slice(s,s+r),a=i.slice(0,Cc(e,i,n));s+=a.length;let c=tr(a.reduce((p,{tokens:h})=>p+h,0)),u=a.length*(a.at(-1).tokens+n),l={trainable:[],storage:"f32",rows:c,logits:a.length,tiles:0,cached:u},f=a.reduce((p,{tiles:h})=>p+h,0),d=(c+3*f*e.imageTokens)*e.width*ie.f32;o=Math.max(o,Ys(e.config,l).results,d)}return o}async function Qm(e,t,n){let{maxNewTokens:r,batchSize:o=64,onToken:s}=n;Js(n),t.forEach((u,l)=>Xs(e,u,r,`prompt ${l}`));let i=t.map((u,l)=>l).sort((u,l)=>t[u].ids.length-t[l].ids.length||u-l),a=new Array(t.length),c=new J(n.seed??0);for(let u=0;u<i.length;){let l=i.slice(u,u+o),f=l.map(m=>({tokens:t[m].ids.length,tiles:t[m].images.length})),d=l.slice(0,Cc(e,f,r));u+=d.length;let p=t[d.at(-1)].ids.length+r,h=new nr(e,d.length,p);try{let m={prompts:d.map(w=>t[w]),held:{tokens:0,images:0},streams:d.map(w=>c.fork(`prompt ${w}`))},g=await Hs(e,h,m,{...n,...s?{onToken:(w,_)=>s(w,d[_])}:{}});d.forEach((w,_)=>a[w]=g[_].ids)}finally{h.destroy()}}return a}var uE=4,Qs=class{#e;#t;#n={ids:new Int32Array(0),images:[]};constructor(t){this.#e=t}get tokens(){return this.#n.ids.length}get bytes(){return this.#t?.bytes??0}async answer(t,n){Js(n),Xs(this.#e,t,n.maxNewTokens,"the prompt");let r=fE(this.#e,this.#n,t),o=uE*r.tokens>=t.ids.length?r:{tokens:0,images:0},s=this.#r(t.ids.length+n.maxNewTokens,o.tokens);this.#n={ids:new Int32Array(0),images:[]};let i={prompts:[t],held:o,streams:[new J(n.seed??0).fork("prompt 0")]},[a]=await Hs(this.#e,s,i,n),{ids:c,stop:u}=a,l=u===void 0?c.subarray(0,-1):c;return this.#n={ids:lE(t.ids,l),images:t.images},{ids:c,stop:u,reused:o.tokens}}#r(t,n){let r=this.#t;if(r&&r.length>=t)return r;if(!r||n===0)return r?.destroy(),this.#t=new nr(this.#e,1,t);let o=Math.min(this.#e.maxPositions,rr(this.#e,1));return r.grow(Math.max(t,Math.min(2*r.length,o))),r}destroy(){this.#t?.destroy(),this.#t=void 0,this.#n={ids:new Int32Array(0),images:[]}}};function lE(e,t){let n=new Int32Array(e.length+t.length);return n.set(e),n.set(t,e.length),n}function fE({imageId:e,imageTokens:t},n,r){let o=Math.min(n.ids.length,r.ids.length-1),s=0,i=0;for(let a=0;a<o&&n.ids[a]===r.ids[a];a++){if(r.ids[a]===e){let c=s/t;if(Number.isInteger(c)&&!dE(n.images[c],r.images[c]))break;s++}s%t===0&&(i=a+1)}return{tokens:i,images:Math.floor(s/t)}}function dE(e,t){return!e||!t||e.length!==t.length?!1:e===t||e.every((n,r)=>n===t[r])}async function eg(e,t,n){let{lora:r,parameters:o,config:s}=e;if(!r)throw new Error("saveAdapter: the model has no low-rank matrices");let{moduleName:i,names:a}=xe(s),{sites:c}=r.plan,{rank:u,rankPattern:l,alpha:f,alphaPattern:d}=hE(c,r.scaling,w=>ht(i(w))),h=o.bundles.filter(({module:w})=>o.trainable.has(w)).flatMap(w=>w.places.map(_=>({name:pE(_.name,e.config),dtype:"F32",shape:_.shape,bytes:4*_.size,bundle:w,place:_,copied:void 0}))),m=[...o.trainable].filter(w=>w!==oe).map(w=>{let _=a[w];return ht(i(`${_}.`)).replace(/\.$/,"").replace(/^model\./,"")}),g=_m({base:n,rank:u,alpha:f,rankPattern:l,alphaPattern:d,scaling:r.scaling,dropout:r.dropout},[...c.keys()].map(w=>ht(i(w))),m);await t.write(zs,Yr(new TextEncoder().encode(g))),await t.write(Xr,$c(e.gpu,h))}function pE(e,t){let{moduleName:n}=xe(t),r=e.match(/^(.*)(\.lora_[AB]\.weight)$/);return`base_model.model.${r?ht(n(`${r[1]}.weight`))+r[2]:n(e)}`}function hE(e,t,n){let r=[...e].map(([a,{rank:c,scale:u}])=>{let l=u*(t==="rs"?Math.sqrt(c):c);return{name:n(a),rank:c,alpha:Number(l.toPrecision(12))}}),o=Zm(r.map(({rank:a})=>a)),s=Zm(r.map(({alpha:a})=>a)),i=(a,c)=>Object.fromEntries(r.filter(u=>u[a]!==c).map(u=>[u.name,u[a]]));return{rank:o,alpha:s,rankPattern:i("rank",o),alphaPattern:i("alpha",s)}}function Zm(e){let t=new Map;for(let n of e)t.set(n,(t.get(n)??0)+1);return[...t].reduce((n,r)=>r[1]>n[1]?r:n)[0]}function Ic(e,t){let n=r=>Number.isFinite(r)&&t(r);return{expected:e,parse:r=>{let o=Number(r);return r.trim()!==""&&n(o)?o:void 0},good:n}}var Rc=Ic("a number above 0",e=>e>0),Zs=Ic("a number of 0 or more",e=>e>=0),ei=Ic("a whole number of 1 or more",e=>Number.isInteger(e)&&e>=1),tg={expected:"a share above 0 and up to 1, such as 0.125 or 1/8",parse(e){let[t,n,...r]=e.split("/").map(s=>s.trim()===""?NaN:Number(s)),o=n===void 0?t:t/n;return r.length===0&&this.good(o)?o:void 0},good:e=>e>0&&e<=1},ng={expected:"a name",parse:e=>e===""?void 0:e},rg={expected:"nothing",parse:()=>!0};function ti(e){let t=n=>e.includes(n);return{expected:e.length<3?e.join(" or "):`one of ${e.join(", ")}`,parse:n=>n,good:t}}function og(e,t){let n=Object.keys(e);return Object.fromEntries(n.map(r=>[r,t[r]]))}function sg({frozen:e,storage:t}){return{trainable:Ss.filter(n=>!e.includes(n)),storage:t}}function ni({lora:e,addedTo:t},n){return[...Ss.filter(o=>!n.includes(o)&&!t.has(o)),...e?[oe]:[]]}var gt={warmup:.03,schedule:"cosine",betas:[.9,.999],weightDecay:0,clip:1,frozen:[],rates:{},storage:"f32"},mE={expected:"two numbers from 0 to below 1, such as 0.9,0.999",parse(e){let[t=NaN,n=NaN,...r]=e.split(",").map(Number);return r.length===0&&this.good([t,n])?[t,n]:void 0},good:e=>e.every(t=>t>=0&&t<1)},gE={expected:`some of ${Ss.join(", ")}, separated by commas, or none`,parse:e=>{let t=e.split(",").map(n=>n.trim()).filter(n=>n!=="");return t.length===0?void 0:t.join()==="none"?[]:t}},wE={expected:"module=factor, such as vision=0.1,projector=2",parse(e){let t=e.split(",").map(r=>r.split("=").map(o=>o.trim()));return t.every(([r,o,...s])=>r&&o&&s.length===0&&Number.isFinite(Number(o)))?Object.fromEntries(t.map(([r,o])=>[r,Number(o)])):void 0}},ig={frozen:{kind:gE,flag:["freeze","<modules>"],help:"of vision, projector, language: not trained; none: all are (default: the preset's; beside --lora all but the projector)"},rates:{kind:wE,flag:["rates","<module=x,...>"],help:"factors on the learning rate of modules, such as vision=0.1"},storage:{kind:ti(["f32","f16"]),flag:["storage","<type>"],help:"how activations and frozen matrices are stored in training: f32, or f16 where shader-f16 is (default: f32)"},checkpointActivations:{kind:rg,flag:["checkpoint-activations",""],help:"compute a layer's results again in the backward pass, not keep them: far less memory, some more time, the same bits"},batch:{kind:ei,flag:["batch","<n>"],help:"conversations a step (default: the preset's)"},microBatch:{kind:ei,flag:["micro-batch","<n>"],help:"conversations a forward pass: less memory, gradients of a step's passes add up (default: the preset's, at most the batch)"},learningRate:{kind:Rc,flag:["lr","<rate>"],help:"highest learning rate (default: the preset's)"},warmup:{kind:{...tg,expected:"a share from 0 to 1",good:e=>e>=0&&e<=1}},schedule:{kind:ti(["cosine","linear","constant"])},betas:{kind:mE},weightDecay:{kind:Zs},clip:{kind:Zs},loraRank:{kind:ei,flag:["lora","<rank>"],help:"train LoRA's matrices of this rank beside the language model's, which stay as they are (default: train all)"},loraAlpha:{kind:Rc,flag:["lora-alpha","<x>"],help:"LoRA's alpha (default: twice the rank)"},loraDropout:{kind:{...Zs,expected:"a share from 0 to below 1",good:e=>e>=0&&e<1},flag:["lora-dropout","<share>"],help:"share of the inputs that is dropped on their way into LoRA's matrices (default: 0)"},loraScaling:{kind:ti(["standard","rs"]),flag:["lora-scaling","<kind>"],help:"LoRA's factor: standard, alpha/rank, or rs, alpha/\u221Arank (default: standard)"},loraTargets:{kind:ng,flag:["lora-targets","<layers>"],help:"layers that LoRA adds to: ends of names such as q_proj,v_proj, or a regular expression for whole names (default: every linear layer of the language model)"}};var ag=`// y[i] = \u03A3 of x (or with SQUARE of x\xB2) over the i-th chunk of 1,024 elements: one pass of a tree of sums.
// An invocation a chunk.

//#include spread

struct Params { count: u32 }

@group(0) @binding(0) var<storage, read_write> x: array<x_t>;
@group(0) @binding(1) var<storage, read_write> y: array<f32>;
@group(0) @binding(2) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn reduce(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let chunk = item_index(id, groups);
  let first = chunk * 1024u;
  if (first >= p.count) { return; }
  var sum = 0.0;
  for (var i = first; i < min(first + 1024u, p.count); i++) {
    //#if SQUARE
    sum += f32(x[i]) * f32(x[i]);
    //#else
    sum += f32(x[i]);
    //#end SQUARE
  }
  y[chunk] = sum;
}
`;var Lc={name:"reduce",wgsl:ag,constants:({square:e})=>({SQUARE:Number(e)}),bindings:()=>["x","y"],f16:["x"],params:({count:e})=>[e],groups:({count:e},t)=>L(Math.ceil(e/1024),t)};function Pc(e,t,n=!1){let r=t;do{let o=r.size,s=e.empty([Math.ceil(o/1024)],n?"sums of squares":"sums"),i=r.view([o]);for(let a of nt(e.gpu,o)){let c=s.rows(a.first/1024,Math.ceil(a.count/1024));e.dispatch(Lc,{count:a.count,square:n},[i.rows(a.first,a.count),c])}r=s,n=!1}while(r.size>1);return r}var to=65536,jc=1024;function cg(e,t){let[n]=t;if(t.length===1)return Pc(e,n,!0);let r=t.reduce((l,{size:f})=>l+f,0),o=e.empty([Math.ceil(r/jc)],"sums of squares"),s=0,i=[],a=0,c=(l,f)=>{let d=o.rows(f/jc,Math.ceil(l.size/jc));e.dispatch(Lc,{count:l.size,square:!0},[l,d])},u=()=>{if(a===0)return;let l=e.empty([a],"span"),f=0;for(let d of i)pt(e,l.rows(f,d.size),d),f+=d.size;c(l,s-a),i=[],a=0};for(let l of t){let f=l.view([l.size]),d=0;for(;d<l.size;){let p=l.size-d;if(a>0||p<to){let m=Math.min(to-a,p);i.push(f.rows(d,m)),a+=m,d+=m,s+=m,a===to&&u();continue}let h=Math.floor(p/to)*to;for(let m of nt(e.gpu,h))c(f.rows(d+m.first,m.count),s+m.first);d+=h,s+=h}}return u(),o.size>1?Pc(e,o):o}var ug=`// Writes the gradient's norm before clipping, \u221Asquare[0], into column 1 of the ring's slot scalars[slot_at].
// One invocation.

struct Params { slot_at: u32, width: u32 }

@group(0) @binding(0) var<storage, read_write> square: array<f32>;
@group(0) @binding(1) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(2) var<storage, read_write> ring: array<f32>; // [slots, width]
@group(0) @binding(3) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn adamw_norm() {
  ring[u32(scalars[p.slot_at]) * p.width + 1u] = sqrt(square[0]);
}
`;var lg=`// AdamW (Loshchilov and Hutter 2019) with clipping by the global norm, over a whole range of parameters at once.
//
//   g \u2190 g\xB7min(1, clip/(norm + 1e-6));  m \u2190 \u03B21\xB7m + (1\u2212\u03B21)\xB7g;  v \u2190 \u03B22\xB7v + (1\u2212\u03B22)\xB7g\xB2
//   \u03B8 \u2190 \u03B8\xB7(1 \u2212 lr\xB7decay) \u2212 lr\xB7(m/c1)/(\u221A(v/c2) + eps),  c = 1 \u2212 \u03B2^step
//
// Parameters lie in blocks of 64; kind[block] says which line of \`kinds\` (learning-rate factor, decay) holds for it.
// scalars: [lr, c1, c2] from \`rate_at\`; norm\xB2 is in square[0].
// An invocation VECTORS times four elements of one block: what a rule and the scalars take to load, they share.

//#include spread

struct Params { count: u32, rate_at: u32, beta1: f32, beta2: f32, eps: f32, clip: f32 }

@group(0) @binding(0) var<storage, read_write> theta: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> gradient: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> m: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> v: array<vec4f>;
@group(0) @binding(4) var<storage, read_write> kind: array<u32>;
@group(0) @binding(5) var<storage, read_write> kinds: array<vec2f>;
@group(0) @binding(6) var<storage, read_write> square: array<f32>;
@group(0) @binding(7) var<storage, read_write> scalars: array<f32>;
@group(0) @binding(8) var<uniform> p: Params;

@compute @workgroup_size(\${WORKGROUP})
fn adamw(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = \${VECTORS}u * item_index(id, groups);
  if (at >= p.count / 4u) { return; }
  let rule = kinds[kind[at / 16u]];
  let lr = scalars[p.rate_at] * rule.x;
  let c1 = scalars[p.rate_at + 1u];
  let c2 = scalars[p.rate_at + 2u];
  let factor = select(1.0, min(1.0, p.clip / (sqrt(square[0]) + 1e-6)), p.clip > 0.0);
  //#repeat c VECTORS
  {
    let i = at + \${c}u;
    let g = gradient[i] * factor;
    let first = p.beta1 * m[i] + (1.0 - p.beta1) * g;
    let second = p.beta2 * v[i] + (1.0 - p.beta2) * g * g;
    m[i] = first;
    v[i] = second;
    let update = (first / c1) / (sqrt(second / c2) + p.eps);
    theta[i] = theta[i] * (1.0 - lr * rule.y) - lr * update;
  }
  //#end c
}
`;var ce={rate:0,correction1:1,correction2:2,scale:3,line:4,step:5,pass:6,count:8},vE={name:"adamw",wgsl:lg,constants:({vectors:e})=>({VECTORS:e}),bindings:()=>["theta","gradient","m","v","kind","kinds","square","scalars"],params:({count:e,beta1:t,beta2:n,eps:r,clip:o})=>[e,ce.rate,H(t),H(n),H(r),H(o)],workgroup:()=>64,groups:({count:e,vectors:t},n)=>L(e/4/t,n)},xE={name:"adamw_norm",wgsl:ug,constants:()=>({}),bindings:()=>["square","scalars","ring"],params:({width:e})=>[ce.line,e],workgroup:()=>1,groups:()=>[1,1,1]},ri=class{parameters;options;stretches;theta;m;v;#e;#t;constructor(t,n){this.parameters=t,this.options={betas:[.9,.999],eps:1e-8,weightDecay:0,clip:1,...n};let{gpu:r}=t,o=Object.keys(n.rates);if(o.length===0)throw new Error("AdamW: every module is frozen; there is nothing to train");this.stretches=t.stretches(o),this.#e=this.stretches.map(i=>{let a=i.end-i.start,c=this.#n(i);return{m:G.of(r,[a]),v:G.of(r,[a]),kind:G.of(r,[c.length],c,"i32")}});let s=o.flatMap(i=>{let a=this.options.rates[i];return[a,0,a,this.options.weightDecay]});this.#t=G.of(r,[2+s.length],Float32Array.of(0,0,...s)),this.theta=Bc(this.stretches.map(({values:i})=>i)),this.m=Bc(this.#e.map(({m:i})=>i)),this.v=Bc(this.#e.map(({v:i})=>i))}#n({start:t,end:n}){let r=Object.keys(this.options.rates),o=new Int32Array((n-t)/Be);for(let{offset:s,size:i,shape:a,idle:c}of this.parameters.places.values()){if(s<t||s>=n||c)continue;let u=r.findIndex(d=>{let p=this.parameters.modules.get(d);return s>=p.start&&s<p.end});if(u<0)continue;let l=Math.floor((s-t)/Be),f=Math.ceil((s+i-t)/Be);o.fill(1+2*u+ +(a.length>1),l,f)}return o}clear(t){for(let{gradients:n}of this.stretches)vs(t,n,0)}update(t,n,r){let{betas:[o,s],eps:i,clip:a}=this.options,c=cg(t,this.stretches.map(({gradients:f})=>f)),u=rt("adamw",t.gpu)==="registers"?4:1,l={beta1:o,beta2:s,eps:i,clip:a,vectors:u};t.dispatch(xE,{width:r.shape[1]},[c,n,r]),this.stretches.forEach(({values:f,gradients:d},p)=>{let{m:h,v:m,kind:g}=this.#e[p];for(let{first:w,count:_}of nt(t.gpu,d.size))t.dispatch(vE,{...l,count:_},[...[f,d,h,m].map(b=>b.rows(w,_)),g.rows(w/Be,_/Be),this.#t,c,n])})}fillScalars(t,n,r){let{betas:[o,s]}=this.options;t[ce.rate]=r,t[ce.correction1]=1-Math.fround(o)**n,t[ce.correction2]=1-Math.fround(s)**n}destroy(){let t=this.#e.flatMap(({m:n,v:r,kind:o})=>[n,r,o]);for(let n of[...t,this.#t])n.destroy(this.parameters.gpu)}};function Bc(e){let t=0,n=e.map(r=>{let o={start:t,tensor:r};return t+=r.size,o});return new an(t,n)}function oi({sequences:e,answerRows:t}){return{...Ws(e),targets:tr(t.length)}}function zc({model:e,trainable:t}){return e.runsVision(t)?he(e.pixelShape):e.imageTokens*e.featureWidth}function or(e,{model:t},n){let{targets:r}=n;return{...Us(e,n,t.imageTokens),scalars:e.input("scalars",[ce.count]),target:e.input("target",[r],"i32"),task:e.input("task",[r],"i32"),weight:e.input("weight",[r]),pick:e.input("pick",[r],"i32"),picked:e.input("picked",[n.rows],"i32")}}function si(e,{sequences:t,answerRows:n},r,o){let{targets:s}=r,i=new Int32Array(s).fill(-1),a=new Int32Array(s).fill(-1),c=new Float32Array(s),u=new Int32Array(s).fill(-1),l=new Int32Array(r.rows).fill(-1);return n.forEach((f,d)=>{i[d]=f.target,a[d]=f.task,c[d]=o[f.task],u[d]=f.row,l[f.row]=d}),{...Fs(t,r,e.model),images:Ks(t,r.images,zc(e)),target:i,task:a,weight:c,pick:u,picked:l}}function sr(e,{model:t,trainable:n},r,o,s){let{imageTokens:i,pixelShape:a,featureWidth:c}=t,{step:u,pass:l}=ce,f=s?{scalars:o.scalars,stepAt:u,passAt:l}:void 0,d;t.runsVision(n)?d=t.vision(e,e.input("images",[r.images,...a]),n,f):d=e.input("images",[r.images*i,c]);let p=t.project(e,d,n,f),h=t.embed(e,p,o.index,n),m=js(e,o.span,t.heads),g=t.decode(e,h,o.positions,m,n,f),w=t.finish(e,Bt(e,g,o.pick,o.picked),n),{target:_,weight:b,scalars:v}=o,x={target:_,weight:b,scalars:v,scaleAt:ce.scale};return{nll:Um(e,w,t.head(n),x),goal:x}}function fg(e,t){let{storage:n,checkpointActivations:r=!1}=e,o=new we(e.model.gpu,{storage:n,checkpoint:r}),{nll:s}=sr(o,e,t,or(o,e,t),!0);return o.backward(s,s),o.need()}function dg(e,t){let{peak:n,steps:r,warmup:o,kind:s}=t,i=Math.round(o*r);if(e<i)return n*(e+1)/i;let a=Math.min(1,(e-i)/Math.max(1,r-i));return s==="constant"?n:s==="linear"?n*(1-a):n*.5*(1+Math.cos(Math.PI*a))}function pg(){globalThis.gc?.()}var hg=48,kE=hg/2,ir=class{#e=new Map;#t=0;get largestNeed(){return Math.max(0,...[...this.#e.values()].map(({largestNeed:t})=>t))}get(t,n){let r=this.#e.get(t);if(r)this.#e.delete(t);else{if(this.#e.size>=hg){let[o,s]=this.#e.entries().next().value;s.destroy(),this.#e.delete(o),++this.#t%kE===0&&pg()}r=n()}return this.#e.set(t,r),r}destroy(){for(let t of this.#e.values())t.destroy();this.#e.clear()}};var ii=class{#e;#t=new ir;#n;constructor(t){this.#e=t,this.#n=G.of(t.model.gpu,[1,2+2*t.tasks])}get largestNeed(){return this.#t.largestNeed}async run(t){let{model:n,tasks:r}=this.#e,o=new Array(r).fill(1),s=new Float32Array(ce.count);s[ce.scale]=1;let i=t.filter(({answerRows:c})=>c.length>0);if(i.length===0)return{nll:o.map(()=>0),tokens:o.map(()=>0)};i.forEach((c,u)=>{let l=oi(c),f=`${l.rows} ${l.images} ${l.targets} ${u===0}`,d=this.#t.get(f,()=>this.#r(l,u===0));d.upload({...si(this.#e,c,l,o),scalars:s}),d.run()});let a=(await this.#n.read(n.gpu)).subarray(2);return{nll:o.map((c,u)=>a[2*u]),tokens:o.map((c,u)=>a[2*u+1])}}#r(t,n){let{model:r,tasks:o,storage:s}=this.#e,i=new we(r.gpu,{storage:s}),a=or(i,this.#e,t);return i.noGrad(()=>{let{nll:c,goal:u}=sr(i,this.#e,t,a,!1),l={tasks:o,slotAt:ce.line,add:!n};Gs(i,c,u,a.task,this.#n,l)}),i.compile()}destroy(){this.#t.destroy(),this.#n.destroy(this.#e.model.gpu)}};var ai=class{#e;#t=new ir;constructor(t){this.#e=t}get largestNeed(){return this.#t.largestNeed}run(t,n,r,o){let s=oi(t),i=`${s.rows} ${s.images} ${s.targets} ${n.first} ${n.last}`,a=this.#t.get(i,()=>this.#n(s,n));a.upload({...si(this.#e,t,s,r),scalars:o}),a.run()}#n(t,{first:n,last:r}){let{model:o,optimizer:s,ring:i,tasks:a,storage:c,checkpointActivations:u=!1}=this.#e,l=new we(o.gpu,{storage:c,checkpoint:u}),f=or(l,this.#e,t);n&&s.clear(l);let{nll:d,goal:p}=sr(l,this.#e,t,f,!0);return Gs(l,d,p,f.task,i,{tasks:a,slotAt:ce.line,add:!n}),l.backward(d,d),r&&s.update(l,f.scalars,i),l.compile()}destroy(){this.#t.destroy()}};function un(e,t){let n=new Array(t).fill(0),r=0,o=0;return{microBatches:e.map(i=>{let a=[],c=0;for(let{ids:u,mask:l,task:f}of i){for(let d=1;d<u.length;d++)l[d]&&(a.push({row:c+d-1,target:u[d],task:f}),n[f]++);c+=u.length}return r+=c,o+=i.length,{sequences:i,answerRows:a}}),taskTokens:n,tokens:r,conversations:o}}function ci(e,t){let n=[];for(let r=0;r<e.length;r+=t)n.push(e.slice(r,r+t));return n}var mg=2,ar=4;async function gg({gpu:e,parameters:t},{theta:n,m:r,v:o},s){let i=new Float32Array(ar+3*r.size);new Uint32Array(i.buffer).set([mg,s,t.size,r.size]);let a=ar;for(let c of[n,r,o])await c.readInto(e,i.subarray(a,a+c.size)),a+=c.size;return new Uint8Array(i.buffer)}function wg(e,{gpu:t,parameters:n},{theta:r,m:o,v:s}){let i=e.byteOffset%4===0?e:e.slice(),a=Math.floor(i.length/4),[c,u=0,l=0,f=0]=new Uint32Array(i.buffer,i.byteOffset,Math.min(ar,a)),d=[mg,n.size,o.size],p=4*(ar+3*f);if([c,l,f].some((m,g)=>m!==d[g])||e.length!==p)throw new ne(`training state: expected version, parameters and moments ${d.join(", ")}; found ${c}, ${l}, ${f} in ${e.length} bytes. It belongs to another model or setting`);let h=new Float32Array(i.buffer,i.byteOffset,a);return[r,o,s].forEach((m,g)=>{m.write(t,h.subarray(ar+g*f,ar+(g+1)*f))}),u}var no=64,ui=class{model;settings;#e;#t;#n;#r;#o;#i=[];#s=0;constructor(t,n){this.model=t,this.settings={...gt,checkpointActivations:!1,...n};let{frozen:r,rates:o,betas:s,weightDecay:i,clip:a,storage:c,tasks:u,checkpointActivations:l}=this.settings;sn(t.gpu,c);let f=ni(t,r);this.#e=new ri(t.parameters,{rates:Object.fromEntries(f.map(p=>[p,p===oe?1:o[p]??1])),betas:s,weightDecay:i,clip:a}),this.#o=G.of(t.gpu,[no,2+2*u]);let d={model:t,trainable:new Set(f),tasks:u,storage:c,checkpointActivations:l};this.#t=new ai({...d,optimizer:this.#e,ring:this.#o}),this.#n=new ii(d),this.#r=zc(d)}get step(){return this.#s}get memory(){return{arenaBytes:this.model.gpu.arena(0).size,largestNeed:Math.max(this.#t.largestNeed,this.#n.largestNeed)}}train(t,n){let{tasks:r,steps:o,learningRate:s,warmup:i,schedule:a}=this.settings,{microBatches:c}="microBatches"in t?t:un(t,r);if(this.#i.length>=no)throw new Error(`train: read the log at least every ${no} steps`);if(n.length!==r)throw new Error(`train: expected ${r} task weights, found ${n.length}`);let u=[],l=0;for(let{sequences:p,answerRows:h}of c){for(let m of p)this.#c(m),u.push(m.id);for(let{task:m}of h)l+=n[m]}if(!(l>0))throw new Error("train: no answer token of the step has a weight above 0");let f=new Float32Array(ce.count),d=dg(this.#s,{peak:s,steps:o,warmup:i,kind:a});this.#e.fillScalars(f,this.#s+1,d),f[ce.scale]=1/l,f[ce.line]=this.#s%no,f[ce.step]=this.#s+1,c.forEach((p,h)=>{f[ce.pass]=h,this.#t.run(p,{first:h===0,last:h===c.length-1},n,f)}),this.#s++,this.#i.push({step:this.#s,rate:d,ids:u})}#c(t){let{id:n,ids:r,mask:o,task:s}=t,{tasks:i}=this.settings;if(Ds(this.model,t,this.#r,`sample ${n}`),o.length!==r.length)throw new y(`sample ${n}: ${r.length} tokens and ${o.length} values of the answer mask`);if(!Number.isInteger(s)||s<0||s>=i)throw new y(`sample ${n}: expected a task from 0 to ${i-1}, found ${s}`)}async log(){let t=this.#i.splice(0);if(t.length===0)return[];let n=await this.#o.read(this.model.gpu),r=2+2*this.settings.tasks;return t.map(({step:o,rate:s,ids:i})=>{let a=(o-1)%no,[c=NaN,u=NaN,...l]=n.subarray(a*r,(a+1)*r),f=l.filter((p,h)=>h%2===1),d=f.map((p,h)=>p>0?l[2*h]/p:null);if(![c,u,...d].every(p=>p===null||Number.isFinite(p)))throw new ne(`step ${o}: the loss is ${c} and the gradient's norm ${u}; ${this.#a(d)}; samples in the step: ${i.join(", ")}. Lower the learning rate${this.settings.storage==="f16"?", store in f32 (f16 ends at 65,504),":""} or look at these samples`);return{step:o,loss:c,gradNorm:u,learningRate:s,taskLoss:d,taskTokens:f}})}#a(t){let n=t.flatMap((s,i)=>s===null?[]:[{loss:s,task:i}]),r=n.filter(({loss:s})=>!Number.isFinite(s)),o=(r.length>0?r:n).map(({task:s})=>this.settings.taskNames?.[s]??s);return`${r.length>0?"not finite on tasks":"tasks in the step"}: ${o.join(", ")}`}async losses(t){let{microBatches:n}="microBatches"in t?t:un(t,this.settings.tasks);for(let{sequences:o}of n)o.forEach(s=>this.#c(s));let r=await this.#n.run(n);if(!r.nll.every(Number.isFinite)){let o=r.nll.map((s,i)=>r.tokens[i]>0?s/r.tokens[i]:null);throw new ne(`validation after step ${this.#s}: the loss is ${this.#a(o)}. Lower the learning rate or look at these tasks' validation samples`)}return r}state(){return gg(this.model,this.#e,this.#s)}restore(t){this.#s=wg(t,this.model,this.#e),this.#i.length=0}destroy(){this.#t.destroy(),this.#n.destroy(),this.#e.destroy(),this.#o.destroy(this.model.gpu)}};function yg(e){return{adapter:e.facts,checkStorage:t=>sn(e,t),watchMemory:()=>(e.peakBytes=e.liveBytes,()=>e.peakBytes),checkProfiling:()=>fc(e.device),profiler:()=>$E(e),need:(t,n)=>({...Ys(Lt(t),n),largestBuffer:e.largestBuffer}),load:async({config:t,configText:n,weights:r,adapter:o},s)=>_g(await $m(e,n??t,r,{...s,adapter:o})),create:(t,n,r)=>_g(er.create(e,Lt(t),n,r))}}async function $E(e){let t=await xh(e),n=new Hn(e.device);return await n.calibrate(),{roofline:t,time:r=>{e.profiler=n;try{r()}finally{e.profiler=void 0}},read:async()=>{await e.settle();let r=await n.read(),o=e.arena(0).size;return{...r,arenaBytes:o,textureBytes:e.sharedBytes-o,liveBytes:e.liveBytes}},destroy:()=>n.destroy()}}function _g(e){let t=n=>{let r=e.parameters.modules.get(n),o=0;for(let{offset:s,size:i}of e.parameters.places.values())s>=r.start&&s<r.end&&(o+=i);return o};return{imageTokens:e.imageTokens,imageSize:e.imageSize,maxPositions:e.maxPositions,parameters:{vision:t("vision"),projector:t("projector"),language:t("language")},lora:e.lora&&{parameters:t(oe),addedTo:e.addedTo},stepNeed:({frozen:n,storage:r,checkpointActivations:o=!1},s)=>{let i=new Set(ni(e,n));return fg({model:e,trainable:i,storage:r,checkpointActivations:o},s)},encodeNeed:n=>Em(e,n),answerNeed:(n,r)=>Ym(e,n,r),encodeImages:n=>Am(e,n),trainer:n=>new ui(e,n),generate:(n,r)=>Qm(e,n,r),session:()=>new Qs(e),save:(n,r={})=>e.lora?eg(e,n,r.base):kc(e,n,r),destroy:()=>e.destroy()}}function bg({tasks:e,samples:t,pictures:n}){return{tasks:e,samples:t,picture(r,o){let{tiles:s,grid:i}=n[r];return{tiles:s.map(a=>o.normalise(Uint8Array.fromBase64(a))),grid:i}}}}var vg={c:"01110 10001 10000 10000 10000 10001 01110",e:"11111 10000 10000 11110 10000 10000 11111",h:"10001 10001 10001 11111 10001 10001 10001",j:"00111 00010 00010 00010 00010 10010 01100",k:"10001 10010 10100 11000 10100 10010 10001",l:"10000 10000 10000 10000 10000 10000 11111",m:"10001 11011 10101 10101 10001 10001 10001",o:"01110 10001 10001 10001 10001 10001 01110",p:"11110 10001 10001 11110 10000 10000 10000",s:"01111 10000 10000 01110 00001 00001 11110",t:"11111 00100 00100 00100 00100 00100 00100",u:"10001 10001 10001 10001 10001 10001 01110",v:"10001 10001 10001 10001 01010 01010 00100",x:"10001 10001 01010 00100 01010 10001 10001",y:"10001 10001 01010 00100 00100 00100 00100",z:"11111 00001 00010 00100 01000 10000 11111"},ln=Object.keys(vg),EE=new Map(Object.entries(vg).map(([e,t])=>[e,Uint8Array.from(t.replaceAll(" ",""),n=>Number(n))]));function xg(e){let t=EE.get(e);if(t===void 0)throw new RangeError(`letterDots: expected one of ${ln.join(" ")}, found ${JSON.stringify(e)}`);return t}var li={red:[222,38,38],green:[30,160,62],blue:[42,78,226],yellow:[246,214,26],purple:[164,54,196],black:[28,28,30]},me=Object.keys(li),Ne=["circle","square","triangle","cross","ring"],fn={small:7,large:12},ro=Object.keys(fn),cr=9,kg=3,SE=[["yellow","cross"],["purple","ring"],["green","triangle"]];function ur(e,t){return SE.some(([n,r])=>n===e&&r===t)}var qc=["top","middle","bottom"],Dc=["left","centre","right"],AE=4,OE=2;function Eg(e,t){return Math.min(2,Math.floor((e+t)/2/(32/3)))}function ze(e){return Eg(e[1],e[3])}function _e(e){return Eg(e[0],e[2])}function dn(e){return`${qc[ze(e)]} ${Dc[_e(e)]}`}function $g(e){let t=[];for(let n=0;n+e<=32;n+=AE){let r=n+e/2;[32/3,2*32/3].every(s=>Math.abs(r-s)>=OE)&&t.push(n)}return t}var Wc={small:$g(fn.small),large:$g(fn.large)};function Uc(e,t){return e[2]<t[0]||t[2]<e[0]||e[3]<t[1]||t[3]<e[1]}var Fc=ro.map(e=>Wc[e].map(t=>Wc[e].map(n=>[t,n,t+fn[e],n+fn[e]]))),Ag=new Map(Fc.flatMap((e,t)=>e.flat().map(n=>[n,me.map(r=>Ne.map(o=>({colour:r,shape:o,size:ro[t],box:n})))])));function Og(e,t,n){return Ag.get(e)[t][n]}var TE=new Map([...Ag.keys()].map(e=>[e,3*ze(e)+_e(e)]));function Kc({box:e}){return TE.get(e)}var ME=me.map(e=>Array.from({length:cr},(t,n)=>({colour:e,value:n+1})));function Tg(e,t){return ME[e][t-1]}var Sg=new WeakMap;function Gc(e){let t=Sg.get(e);return t===void 0&&(t="value"in e?`bar ${e.colour} ${e.value}`:`${e.colour} ${e.shape} ${e.size} ${e.box.join(" ")}`,Sg.set(e,t)),t}function Mg({objects:e,sign:t,bars:n}){let r=e.map(Gc);t!==void 0&&r.push(`sign ${t.letters.join("")} ${t.box.join(" ")}`);for(let o of n)r.push(Gc(o));return r}function fi(e){return Mg(e).join("|")}function Ng(e){let t=2166136261,n=o=>t=Math.imul(t^o,16777619);for(let[o,s]of Mg(e).entries()){o>0&&n(NE);for(let i=0;i<s.length;i++)n(s.charCodeAt(i))}t=Math.imul(t^t>>>15,739982445);let r=((t^t>>>12)>>>0)%10;return r===0?"test":r===1?"val":"train"}var NE=124;var lr=8,fr=3,Vc=8,Cg=1;function Ig(e,t={}){let n=t.letters??[2,3],[r,o]=n;if(!(r>=1&&o<=2*fr&&r<=o&&n.every(Number.isInteger)))throw new RangeError(`generateScene: expected the letters of a sign as least and most from 1 to 6, found ${n}`);for(;;){let s=t.kind??e.pick(["objects","objects","sign","chart"]),i=s==="sign"?IE(e,n):void 0,a={kind:s,objects:s==="chart"?[]:CE(e,i,t.heldOut??!1),...i===void 0?{}:{sign:i},bars:s==="chart"?BE(e):[],background:[196+e.int(24),196+e.int(24),196+e.int(24)],noise:e.int(4294967296)};if(t.split===void 0||Ng(a)===t.split)return a}}function CE(e,t,n){let r=t===void 0?2+e.int(3):1+e.int(2),o=[];for(let s=0;o.length<r;s++){s===60&&(o.length=0,s=0);let i=e.pick(e.pick(e.pick(Fc)));if(t!==void 0&&!Uc(i,t.box)||o.some(l=>!Uc(i,l.box)))continue;let a=Og(i,e.int(me.length),e.int(Ne.length)),{colour:c,shape:u}=a;!n&&ur(c,u)||o.some(l=>l.colour===c&&l.shape===u)||o.push(a)}return o.sort((s,i)=>Kc(s)-Kc(i))}function IE(e,[t,n]){let r=e.shuffle([...ln]).slice(0,t+e.int(n-t+1)),{columns:o,rows:s}=RE(r.length),i=e.int(o),a=e.int(s);return LE(r,i,a)}function Rg(e){return{width:Math.min(e,fr)*lr,height:Math.ceil(e/fr)*Vc+1}}function RE(e){let{width:t,height:n}=Rg(e),r=o=>Math.floor((32-o)/lr)+1;return{columns:r(t),rows:r(n)}}function LE(e,t,n){let{width:r,height:o}=Rg(e.length),s=lr*t,i=lr*n;return{letters:e,box:[s,i,s+r,i+o]}}var PE=[...me.keys()],jE=Array.from({length:cr},(e,t)=>t+1);function BE(e){let t=e.shuffle(PE.slice()).slice(0,3+e.int(2)),n=e.shuffle(jE.slice());return t.map((r,o)=>Tg(r,n[o]))}var zE=400;function qE(e,t,n){let{count:r,seen:o}=n,s=n.turns??e.turns,i=DE(e,r*s,t),a=Array.from({length:s},(d,p)=>t.shuffle(i.slice(p*r,(p+1)*r))),c=Array.from({length:r},(d,p)=>a.map(h=>h[p])),u=new Array(r).fill(void 0),l=Array.from({length:r},(d,p)=>r-1-p),f=0;for(;l.length>0;){let d=l.pop(),p=WE(e,c[d],t,n);if(p!==void 0){u[d]=p,o.add(fi(p.scene));continue}if(++f>20+2*r)throw new ne(`scenes, task ${e.name}, split ${n.split}: found no scene for `+c[d].map(({template:_,key:b})=>`${_.name} ${b}`).join(" + ")+` after ${f} plans; expected a task that its templates can fill: ask for fewer conversations`);l.push(d);let h=t.int(r);if(h===d)continue;let[m,g]=[t.int(s),t.int(s)];[c[d][m],c[h][g]]=[c[h][g],c[d][m]];let w=u[h];w!==void 0&&(o.delete(fi(w.scene)),u[h]=void 0,l.push(h))}return u.map(d=>d)}var di=1e4;function*Lg(e,t,n){let{count:r}=n;for(let o=0;o<r;o+=di){let s=r<=di?t:t.fork(`block ${o/di}`);yield qE(e,s,{...n,count:Math.min(di,r-o)})}}function DE(e,t,n){let r=e.templates.reduce((c,{share:u})=>c+u,0),o=e.templates.map(({share:c})=>t*c/r),s=o.map(Math.floor),i=o.map((c,u)=>({i:u,rest:c-s[u]})).sort((c,u)=>u.rest-c.rest),a=t-s.reduce((c,u)=>c+u,0);for(let{i:c}of i.slice(0,a))s[c]++;return e.templates.flatMap((c,u)=>{let l=c.keys.length===0?[""]:n.shuffle([...c.keys]),f=Array.from({length:s[u]},(d,p)=>({template:c,key:l[p%l.length]}));return n.shuffle(f)})}function WE(e,t,n,{split:r,seen:o}){let{kind:s}=t[0].template,i=t.toSorted((c,u)=>c.template.share-u.template.share),a={kind:s,split:r,heldOut:e.heldOut??!1,...e.letters!==void 0&&{letters:e.letters}};for(let c=0;c<zE;c++){let u=Ig(n,a),l=[];for(let{template:f,key:d}of i){let p=f.questions(u).filter(h=>h.key===d&&l.every(m=>m.question.question!==h.question&&(h.subject===void 0||m.question.subject!==h.subject)));if(p.length===0||l.length===0&&o.has(fi(u)))break;l.push({template:f,question:n.pick(p)})}if(!(l.length<t.length))return n.shuffle(l).sort((f,d)=>Number(f.template.last??!1)-Number(d.template.last??!1)),{scene:u,turns:l.map(({template:f,question:{question:d,answer:p}})=>({question:d,answer:p,template:f.name}))}}}function*Pg(e,t){let n=new J(e).fork("scenes"),r=new Set;for(let{task:o,sizes:s}of t)for(let i of["train","val","test"]){let a=s[i];if(a===void 0)continue;let c=i==="train"?{}:{turns:1},u=n.fork(`${o.name} ${i}`);yield{task:o,split:i,blocks:Lg(o,u,{count:a,split:i,seen:r,...c})}}}var UE={caption:600,"region-caption":600,vqa:1200,gqa:1500,chart:750,reading:450,grounding:900},FE=600,jg=[{name:"default",summary:"moderately unequal sizes, 6,000 conversations",reasons:["The benchmark as it was first published; it stays as it is, so that earlier results can be compared with later ones. Its signs have two or three letters and are read whole or not at all.","Counted in answer tokens, which is what the loss counts, its largest task (caption, 14,500) has six times as many as its smallest (reading, 2,500)."],train:UE},{name:"equal",summary:"the same number of answer tokens for every task: nothing to balance",reasons:["Where nothing is out of balance, weights should change nothing. A method that gains here gains by something else than balance; one that loses shows what its noise costs.","Equal in answer tokens (about 6,000 a task, end of answer included), not in conversations: the loss is a mean over answer tokens, so that a task's share of them is its weight where all weights are 1. With equal conversations captions would have four times the weight of short answers."],train:{caption:250,"region-caption":600,vqa:1e3,gqa:1e3,chart:1e3,letters:880,grounding:600}},{name:"paper",summary:"sizes in the proportions of the paper's Academic mixture, unequal by 20 times",reasons:["The condition under which the paper reports its gains. Conversations are in proportion to the sizes in bytes of the authors' training files, as huggingface.co/datasets/YanqiDai/VisATB lists them under Academic/train: GQA 227 MB, OCRVQA 106, RefCOCO boxes 71, ChartQA 11; RefCOCO captions 65 (the file of 86 MB that adds the other tasks' small subsets, less these 21 MB). For ShareGPT4V it is the size of the original file of 100,000 captions, 134 MB. VQAv2's 100 MB are an estimate, from what is left of the whole (862 MB) beside the text-only conversations.","Bytes, because the numbers of conversations in the files' names (GQA 72,000, OCRVQA 80,000, RefCOCO boxes 41,000, ChartQA 18,000) hide that a conversation of GQA holds a dozen questions and one of ChartQA one or two, while here a conversation of either holds three."],train:{caption:1100,"region-caption":550,vqa:850,gqa:1900,chart:95,letters:900,grounding:600}},{name:"starved",summary:"three tasks with under 200 conversations beside four large ones",reasons:["The condition for which weights are made: tasks so small that a plain mean forgets them.","The three differ in what others can do for them. Captions of regions share words and looks with captions and boxes, of which there are many; charts share only colours with the rest; signs share nothing. A method that reads contributions should tell them apart, and help the third most.","All three are large enough that an eighth of them still holds fifteen conversations."],train:{caption:700,"region-caption":120,vqa:1700,gqa:2e3,chart:150,letters:180,grounding:1150}},{name:"conflict",summary:"nine tasks, two of which answer two others' questions in another convention",reasons:[`Tasks that pull apart. vqa-full asks vqa's questions about pictures of four objects and answers "red ring" where vqa answers "red" or "ring"; grounding-words asks grounding's about pictures of two objects and answers "top left" where grounding gives a box. Nothing tells which is wanted.`,"The conflict is not zero-sum, or no weights could pay: a model that gives in to vqa-full on pictures of four objects wins all of it and loses the quarter of vqa's questions that are such; with grounding-words it is all of it for the third of grounding's.","Counted where they clash, by the first question of a conversation, the larger task has a little more than twice as many as the smaller: with equal weights the larger wins, at equal counts luck would, and the paper's band of weights (0.5 to 2) is wide enough to turn it round. So a method can gain here; whether it does is the question.","A first form, in which a sign in the picture told the convention, was given up before any method was run: one tuning with equal weights never mistook the convention, so that nothing pulled apart.","Nine tasks in place of seven also ask more of the same small model."],train:{caption:400,"region-caption":400,vqa:1600,gqa:900,chart:500,letters:400,grounding:1200,"vqa-full":220,"grounding-words":160}}];function KE(e){let t=jg.find(n=>n.name===e);if(t!==void 0)return t;throw new y(`--mixture: expected one of ${jg.map(n=>n.name).join(", ")}, found "${e}"`)}function Hc(e,t={}){let{scale:n=1,least:r=1,control:o=!1}=t,{train:s}=KE(e);return Object.fromEntries(Object.entries(o?{...s,control:FE}:s).map(([i,a])=>[i,Math.max(r,Math.round(n*a))]))}var dr=4,GE=[250,250,250],VE=[20,20,20],HE=[90,90,90],hi={circle:(e,t)=>(e-.5)**2+(t-.5)**2<=.25,square:()=>!0,triangle:(e,t)=>Math.abs(e-.5)<=t/2,cross:(e,t)=>Math.abs(e-.5)<=.215||Math.abs(t-.5)<=.215,ring:(e,t)=>{let n=(e-.5)**2+(t-.5)**2;return n<=.25&&n>=.0625}};function JE(e,t){let n=31;return[8*e+1,n-kg*t,8*e+7,n]}function Bg(e,t){if(!Number.isInteger(t)||t<1)throw new RangeError(`renderScene: expected a size of 1 pixel or more, found ${t}`);let n=new Uint8Array(t*t*3),[r,o,s]=e.background;for(let a=0;a<n.length;a+=3)n[a]=r,n[a+1]=o,n[a+2]=s;let i=(a,c,u)=>XE(n,t,a,c,u);for(let a of e.objects)i(a.box,li[a.colour],hi[a.shape]);for(let[a,c]of e.bars.entries())i(JE(a,c.value),li[c.colour],hi.square);if(e.kind==="chart"&&i([0,31,32,32],HE,hi.square),e.sign!==void 0){let{letters:a,box:[c,u]}=e.sign;i(e.sign.box,GE,hi.square);for(let[l,f]of a.entries()){let d=xg(f),p=c+l%fr*lr+Cg,h=u+Math.floor(l/fr)*Vc+1;i([p,h,p+5,h+7],VE,(m,g)=>{let w=Math.min(6,Math.floor(g*7));return d[w*5+Math.min(4,Math.floor(m*5))]===1})}}return YE(n,e.noise),n}function XE(e,t,n,r,o){let s=t/32,i=n[0]*s,a=n[1]*s,c=(n[2]-n[0])*s,u=(n[3]-n[1])*s,l=Math.min(t,Math.ceil(i+c)),f=Math.min(t,Math.ceil(a+u));for(let d=Math.floor(a);d<f;d++)for(let p=Math.floor(i);p<l;p++){let h=0;for(let w=0;w<dr;w++){let _=(d+(w+.5)/dr-a)/u;if(!(_<0||_>1))for(let b=0;b<dr;b++){let v=(p+(b+.5)/dr-i)/c;v>=0&&v<=1&&o(v,_)&&h++}}if(h===0)continue;let m=h/(dr*dr),g=(d*t+p)*3;for(let w=0;w<3;w++)e[g+w]=Math.round(e[g+w]+m*(r[w]-e[g+w]))}}function YE(e,t){let n=t>>>0;for(let r=0;r<e.length;r++){n=Math.imul(n,1664525)+1013904223>>>0;let o=e[r]+(n>>>16)%13-6;e[r]=o<0?0:o>255?255:o}}function zg(e,t,n){let r=String(n).padStart(5,"0");return{id:`${e}-${t}-${r}`,image:`images/${e}/${t}/${r}.png`}}function pr(e,t){return e.objects.filter(n=>(t.colour===void 0||n.colour===t.colour)&&(t.shape===void 0||n.shape===t.shape)&&(t.size===void 0||n.size===t.size))}function qe(e,t){return pr(e,t).length===1}var qg=[["left of",(e,t)=>_e(e.box)<_e(t.box)],["right of",(e,t)=>_e(e.box)>_e(t.box)],["above",(e,t)=>ze(e.box)<ze(t.box)],["below",(e,t)=>ze(e.box)>ze(t.box)]],Dg=[["leftmost",e=>-_e(e.box)],["rightmost",e=>_e(e.box)],["highest",e=>-ze(e.box)],["lowest",e=>ze(e.box)]];function Wg(e,t){let n=Math.max(...e.objects.map(t)),r=e.objects.filter(o=>t(o)===n);return r.length===1?r[0]:void 0}function Q(e){return`${e.colour} ${e.shape}`}function Jc(e){return`a ${e.size} ${e.colour} ${e.shape}`}function Ug(e){let t=e.objects.map(n=>({at:3*ze(n.box)+_e(n.box),text:`${Jc(n)} at ${dn(n.box)}.`}));if(e.sign!==void 0){let{box:n,letters:r}=e.sign;t.push({at:3*ze(n)+_e(n),text:`a sign with ${r.join(" ")}.`}),t.sort((o,s)=>o.at-s.at)}return[...t.map(n=>n.text),...e.bars.map(QE)]}function QE(e){return`a ${e.colour} bar of height ${e.value}.`}function Xc(e,t){return{name:`caption-${e}`,share:t,kind:e,keys:[],questions:n=>[{question:"describe the image",answer:Ug(n).join(" "),key:""}]}}var Fg={name:"caption",metric:"cider",turns:1,templates:[Xc("objects",.7),Xc("sign",.15),Xc("chart",.15)]};var Gg=2,ZE={name:"bar-value",share:.45,kind:"chart",keys:Array.from({length:cr},(e,t)=>String(t+1)),questions:e=>e.bars.map(({colour:t,value:n})=>({question:`how high is the ${t} bar?`,answer:String(n),key:String(n),subject:t}))},e2={name:"bar-of-value",share:.15,kind:"chart",keys:me,questions:e=>e.bars.map(({colour:t,value:n})=>({question:`what bar has height ${n}?`,answer:t,key:t,subject:t}))};function Kg(e,t,n,r){return{name:e,share:n,kind:"chart",keys:me,questions:o=>{let[s,i]=o.bars.toSorted((c,u)=>r*(u.value-c.value));if(Math.abs(s.value-i.value)<Gg)return[];let a=s.colour;return[{question:`what bar is ${t}?`,answer:a,key:a,subject:t}]}}}var t2={name:"higher",share:.1,kind:"chart",keys:["yes","no"],questions:e=>e.bars.flatMap(t=>e.bars.filter(n=>Math.abs(t.value-n.value)>=Gg).map(n=>{let r=t.value>n.value?"yes":"no";return{question:`is the ${t.colour} bar higher than the ${n.colour} bar?`,answer:r,key:r,subject:`higher ${[t.colour,n.colour].sort().join()}`}}))},Vg={name:"chart",metric:"exact-match",turns:3,templates:[ZE,e2,Kg("highest-bar","highest",.15,1),Kg("lowest-bar","lowest",.15,-1),t2]};var Hg=["and","are","look","tell"],n2=me.flatMap(e=>Ne.filter(t=>!ur(e,t)).flatMap(t=>Hg.map(n=>({question:`what has the ${e} ${t}?`,answer:n,key:n})))),Jg={name:"control",metric:"exact-match",turns:3,templates:[{name:"lot",share:1,kind:"objects",keys:Hg,questions:()=>[...n2]}]};var mi=Array.from({length:33},(e,t)=>{let n=t*100/32,r=Math.floor(n),o=n-r,s=o>.5||o===.5&&r%2===1?r+1:r;return String(s/100)});function gi(e){return`[${e.map(t=>mi[t]).join(", ")}]`}var IF=[...mi.map(e=>`[${e},`),...mi.map(e=>`${e},`),...mi.map(e=>`${e}]`)];function Yc(e,t,n,r){return{name:e,share:t,kind:"objects",keys:[],questions:o=>o.objects.filter(s=>n(o,s)).map(s=>({question:`where is the ${r(s)}?`,answer:gi(s.box),key:"",subject:Q(s)}))}}var wi={name:"grounding",metric:"iou",turns:2,templates:[Yc("box-of-object",.5,()=>!0,Q),Yc("box-of-shape",.25,(e,{shape:t})=>qe(e,{shape:t}),({shape:e})=>e),Yc("box-of-colour",.25,(e,{colour:t})=>qe(e,{colour:t}),({colour:e})=>`${e} object`)]};var r2={name:"colour-of-shape",share:.2,kind:"objects",keys:me,questions:e=>e.objects.filter(({shape:t})=>qe(e,{shape:t})).map(t=>({question:`what colour is the ${t.shape}?`,answer:t.colour,key:t.colour,subject:Q(t)}))},o2={name:"shape-of-colour",share:.2,kind:"objects",keys:Ne,questions:e=>e.objects.filter(({colour:t})=>qe(e,{colour:t})).map(t=>({question:`what shape is ${t.colour}?`,answer:t.shape,key:t.shape,subject:Q(t)}))},s2={name:"size-of-object",share:.12,kind:"objects",keys:ro,questions:e=>e.objects.map(t=>({question:`what size is the ${Q(t)}?`,answer:t.size,key:t.size,subject:Q(t)}))},i2={name:"colour-at-place",share:.12,kind:"objects",keys:me,questions:e=>e.objects.map(t=>({question:`what colour is at ${dn(t.box)}?`,answer:t.colour,key:t.colour,subject:Q(t)}))},a2={name:"shape-at-place",share:.1,kind:"objects",keys:Ne,questions:e=>e.objects.map(t=>({question:`what shape is at ${dn(t.box)}?`,answer:t.shape,key:t.shape,subject:Q(t)}))},c2={name:"count-objects",share:.1,kind:"objects",keys:["2","3","4"],questions:e=>{let t=String(e.objects.length);return[{question:"how many objects?",answer:t,key:t,subject:"count"}]}},Xg=["0","1","2"],u2={name:"count-colour",share:.1,kind:"objects",keys:Xg,questions:e=>me.flatMap(t=>{let n=String(pr(e,{colour:t}).length);return Xg.includes(n)?[{question:`how many ${t} objects?`,answer:n,key:n,subject:`count ${t}`}]:[]})},l2={name:"existence",share:.06,kind:"objects",keys:["yes","no"],questions:e=>{let t=new Set(e.objects.map(r=>r.colour)),n=new Set(e.objects.map(r=>r.shape));return t.size<2||n.size<2?[]:[...t].flatMap(r=>[...n].filter(o=>!ur(r,o)).map(o=>{let s=pr(e,{colour:r,shape:o}).length>0?"yes":"no";return{question:`is there a ${r} ${o}?`,answer:s,key:s,subject:`${r} ${o}`}}))}},_i={name:"vqa",metric:"exact-match",turns:3,templates:[r2,o2,s2,i2,a2,c2,u2,l2]};function Yg(e,t,n){return{...t,questions:r=>r.objects.length===e?t.questions(r).map(o=>n(o,r)):[]}}var f2=["colour-of-shape","shape-of-colour","colour-at-place","shape-at-place"],Qg={name:"vqa-full",metric:"exact-match",turns:1,templates:_i.templates.filter(({name:e})=>f2.includes(e)).map(e=>({...Yg(4,e,t=>({...t,answer:t.subject})),name:`${e.name}-full`}))},d2=qc.flatMap(e=>Dc.map(t=>`${e} ${t}`)),Zg={name:"grounding-words",metric:"exact-match",turns:1,templates:wi.templates.map(e=>({...Yg(2,e,(t,n)=>{let r=dn(n.objects.find(o=>Q(o)===t.subject).box);return{...t,answer:r,key:r}}),name:`${e.name}-words`,keys:d2}))};function ew(e){return e.objects.flatMap(t=>qg.flatMap(([n,r])=>{let o=e.objects.filter(s=>s!==t&&r(s,t));return o.length===1?[{words:`${n} the ${Q(t)}`,object:o[0]}]:[]}))}var p2={name:"relation-colour",share:.26,kind:"objects",keys:me,questions:e=>ew(e).map(({words:t,object:n})=>({question:`what colour is ${t}?`,answer:n.colour,key:n.colour,subject:Q(n)}))},h2={name:"relation-shape",share:.18,kind:"objects",keys:Ne,questions:e=>ew(e).map(({words:t,object:n})=>({question:`what shape is ${t}?`,answer:n.shape,key:n.shape,subject:Q(n)}))};function tw(e){return Dg.flatMap(([t,n])=>{let r=Wg(e,n);return r===void 0?[]:[{word:t,object:r}]})}var m2={name:"extreme-colour",share:.18,kind:"objects",keys:me,questions:e=>tw(e).map(({word:t,object:n})=>({question:`what colour is the ${t} object?`,answer:n.colour,key:n.colour,subject:Q(n)}))},g2={name:"extreme-shape",share:.14,kind:"objects",keys:Ne,questions:e=>tw(e).map(({word:t,object:n})=>({question:`what shape is the ${t} object?`,answer:n.shape,key:n.shape,subject:Q(n)}))},w2={name:"same-colour-shape",share:.08,kind:"objects",keys:Ne,questions:e=>e.objects.flatMap(t=>{let n=pr(e,{colour:t.colour});if(n.length!==2||!qe(e,{shape:t.shape}))return[];let r=n.find(o=>o!==t);return[{question:`what shape has the colour of the ${t.shape}?`,answer:r.shape,key:r.shape,subject:Q(r)}]})},_2={name:"side",share:.06,kind:"objects",keys:["left","right"],questions:e=>Qc(e).filter(([t,n])=>_e(t.box)!==_e(n.box)).map(([t,n])=>{let r=_e(t.box)<_e(n.box)?"left":"right";return{question:`is the ${Q(t)} left or right of the ${Q(n)}?`,answer:r,key:r,subject:`side ${[Q(t),Q(n)].sort().join()}`}})},y2={name:"larger",share:.06,kind:"objects",keys:["first","second"],questions:e=>Qc(e).filter(([t,n])=>t.size!==n.size&&qe(e,{colour:t.colour})&&qe(e,{colour:n.colour})).map(([t,n])=>({question:`what is larger: ${t.colour} or ${n.colour}?`,answer:t.size==="large"?t.colour:n.colour,key:t.size==="large"?"first":"second",subject:`larger ${[t.colour,n.colour].sort().join()}`}))},b2={name:"same-size",share:.04,kind:"objects",keys:["yes","no"],questions:e=>Qc(e).filter(([t,n])=>qe(e,{colour:t.colour})&&qe(e,{colour:n.colour})).map(([t,n])=>{let r=t.size===n.size?"yes":"no";return{question:`has ${t.colour} the size of ${n.colour}?`,answer:r,key:r,subject:`same-size ${[t.colour,n.colour].sort().join()}`}})};function Qc(e){return e.objects.flatMap(t=>e.objects.filter(n=>n!==t).map(n=>[t,n]))}var nw={name:"gqa",metric:"exact-match",turns:3,templates:[p2,h2,m2,g2,w2,_2,y2,b2]};var v2=[2,5],x2={name:"spell",share:.5,kind:"sign",keys:[],last:!0,questions:({sign:e})=>e===void 0?[]:[{question:"what does the sign say?",answer:e.letters.join(" "),key:"",subject:"sign"}]},k2={name:"letter-at",share:.4,kind:"sign",keys:ln,questions:({sign:e})=>(e?.letters??[]).map((t,n)=>({question:`what is letter ${n+1}?`,answer:t,key:t,subject:`letter ${n+1}`}))},$2={name:"count-letters",share:.1,kind:"sign",keys:["2","3","4","5"],questions:({sign:e})=>{let t=String(e?.letters.length);return e===void 0?[]:[{question:"how many letters?",answer:t,key:t,subject:"count"}]}},rw={name:"letters",metric:"anls",turns:2,letters:v2,templates:[x2,k2,$2]};var E2={name:"whole-sign",share:.5,kind:"sign",keys:[],last:!0,questions:({sign:e})=>e===void 0?[]:[{question:"what does the sign say?",answer:e.letters.join(" "),key:"",subject:"sign"}]};function ow(e,t,n){return{name:e,share:.25,kind:"sign",keys:ln,questions:({sign:r})=>{let o=r?.letters.at(n);return o===void 0?[]:[{question:`what is the ${t} letter?`,answer:o,key:o,subject:t}]}}}var sw={name:"reading",metric:"exact-match",turns:2,templates:[E2,ow("first-letter","first",0),ow("last-letter","last",-1)]};var iw={name:"region-caption",metric:"cider",turns:2,templates:[{name:"region",share:1,kind:"objects",keys:[],questions:e=>e.objects.map(t=>({question:`describe ${gi(t.box)}`,answer:Jc(t),key:"",subject:Q(t)}))}]};var S2=[Fg,iw,_i,nw,Vg,sw,wi],A2=[rw,Qg,Zg,Jg];function aw(e){let t=[...S2,...A2],n=t.find(r=>r.name===e);if(n!==void 0)return n;throw new y(`scenes: expected a task (${t.map(r=>r.name).join(", ")}), found "${e}"; choose one`)}var M2=0,Zc={train:"train",held:"val",shown:"test"};function cw(){let e=Object.values(Hc("default")).reduce((n,r)=>n+r,0),t=Hc("default",{scale:600/e});return Object.fromEntries(Object.entries(t).map(([n,r])=>[n,{train:r,held:6,shown:2}]))}function uw(e){let t=Object.entries(e).map(([s,{train:i,held:a,shown:c}])=>({task:aw(s),sizes:{...i!==void 0&&{train:i},...a!==void 0&&{val:a},...c!==void 0&&{test:c}}})),n=new Map,r={train:[],val:[],test:[]};for(let{task:s,split:i,blocks:a}of Pg(M2,t)){let c=0;for(let u of a)for(let{scene:l,turns:f}of u){let{id:d,image:p}=zg(s.name,i,c++);n.set(p,l),r[i].push({id:d,task:s.name,images:[p],turns:f,file:`${s.name}_${i}`})}}let o=s=>({width:32,height:32,data:Bg(n.get(s),32)});return{tasks:t.map(({task:{name:s,metric:i}})=>({name:s,metric:i})),samples:{train:r[Zc.train],held:r[Zc.held],shown:r[Zc.shown]},image:o,picture:(s,i)=>i.picture(o(s))}}var yi="The best match with any of them counts.",lw="An answer drawn evenly from those the question's template has in training; where they are over 100, the true answer to another question.",so="The true answer to another question of the set, averaged over up to 50 shifts.",bi={"exact-match":{label:"exact match, %",unit:"percent",right:"Equal but for case, outer spaces and one full stop at the end.",references:yi,few:"",chance:lw,others:{"relaxed-match":"relaxed match, %",anls:"ANLS \xD7 100"},source:"as GQA, VizWiz and others count it"},"relaxed-match":{label:"relaxed match, %",unit:"percent",right:"As exact-match, or a number within 5% of the true one.",references:yi,few:"",chance:lw,others:{"exact-match":"exact match, %"},source:"ChartQA, Masry et al. 2022"},anls:{label:"ANLS \xD7 100",unit:"percent",right:"Similar by letters: one minus the edit distance over the longer length, 0 from a half wrong on.",references:yi,few:"",chance:so,others:{"exact-match":"exact match, %"},source:"ST-VQA, Biten et al. 2019"},cider:{label:"CIDEr-D \xD7 10",unit:"cider",right:"Like its references by n-grams, those weighted more that few questions of the set have; 100 points are its 10, a perfect caption.",references:"The mean over them counts; an n-gram's weight counts the questions that have it in any of theirs.",few:"Of one question alone it is 0, for no n-gram is rarer than another.",chance:so,others:{},source:"Vedantam et al. 2015; needs two questions or more"},iou:{label:"IoU > 0.5, %",unit:"percent",right:"The first box [x1, y1, x2, y2] overlaps the true one by more than a half; no box is wrong.",references:"There is one: the true box.",few:"",chance:so,others:{"mean-iou":"mean IoU \xD7 100",unparsed:"answers without a readable box, %"},source:"PASCAL VOC, Everingham et al. 2010"},"vqa-accuracy":{label:"VQA accuracy, %",unit:"percent",right:"Given by three people or more; by two or one, in part.",references:"All count, one a person: the mean over leaving each out of min(matches among the others / 3, 1).",few:"With one reference it is right or wrong, as exact match after its own normalisation.",chance:so,others:{"exact-match":"exact match with any reference, %"},source:"VQA, Antol et al. 2015, official evaluation"},"multiple-choice":{label:"multiple choice, %",unit:"percent",right:"Names the true option, by its letter or by its text.",references:yi,few:"",chance:so,others:{unparsed:"answers that name no option, %"},source:"as ScienceQA, MMBench and others count it"}},tu=Object.keys(bi);function nu(e,t){let n=Array.from(e.trim().toLowerCase().replace(/\s+/g," ")),r=Array.from(t.trim().toLowerCase().replace(/\s+/g," ")),o=Math.max(n.length,r.length);if(o===0)return 1;if(2*Math.min(n.length,r.length)<=o)return 0;let s=N2(n,r)/o;return s<.5?1-s:0}function N2(e,t){let n=Uint32Array.from({length:t.length+1},(r,o)=>o);for(let r=1;r<=e.length;r++){let o=e[r-1],s=r-1,i=r;n[0]=r;for(let a=1;a<=t.length;a++){let c=n[a],u=s+(o===t[a-1]?0:1);i=Math.min(u,c+1,i+1),s=c,n[a]=i}}return n[t.length]}var vi=/[\p{sc=Han}\p{sc=Hira}\p{sc=Kana}\p{sc=Bopo}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}ーｰ]/u;var io=4,C2=6,I2=new RegExp(String.raw`${vi.source}\p{M}*|(?:(?!${vi.source}).)+`,"gu");function fw(e){return(e.toLowerCase().match(/[\p{L}\p{M}\p{N}]+(?:(?:['’-]|(?<=\p{N})[.,](?=\p{N}))[\p{L}\p{M}\p{N}]+)*/gu)??[]).flatMap(n=>vi.test(n)?(n.match(I2)??[]).map(r=>r.replace(/^['’.,-]+|['’.,-]+$/g,"")).filter(r=>r!==""):n)}function hw(e){if(e.length===0)throw new y("cider: expected one caption or more, found none");let t=R2(e.map((r,o)=>{if(r.references.length>0)return r.references;throw new y(`cider, item ${o+1}: expected a reference, found none`)})),n=e.map((r,o)=>L2(t.weigh(r.prediction),t.items[o]));return{score:mw(n),perItem:n}}function R2(e){let t=e.map(o=>o.map(s=>dw(fw(s)))),n=new Map;for(let o of t){let s=new Set(o.flatMap(i=>[...i.keys()]));for(let i of s)n.set(i,(n.get(i)??0)+1)}let r=Math.log(e.length);return{items:t.map(o=>o.map(s=>pw(s,n,r))),weigh:o=>pw(dw(fw(o)),n,r)}}function L2(e,t){return 10*mw(t.map(n=>P2(e,n)))}function mw(e){return e.reduce((t,n)=>t+n,0)/e.length}function dw(e){let t=new Map;for(let n=1;n<=io;n++)for(let r=0;r+n<=e.length;r++){let o=e.slice(r,r+n).join(" ");t.set(o,(t.get(o)??0)+1)}return t}function pw(e,t,n){let r=Array.from({length:io},()=>new Map),o=Array.from({length:io},()=>0),s=0;for(let[i,a]of e){let c=i.split(" ").length-1,u=a*(n-Math.log(Math.max(1,t.get(i)??0)));r[c].set(i,u),o[c]+=u*u,c===1&&(s+=a)}return{weights:r,norms:o.map(Math.sqrt),length:s}}function P2(e,t){let n=Math.exp(-((e.length-t.length)**2)/(2*C2**2)),r=0;for(let o=0;o<io;o++){let s=e.norms[o]*t.norms[o];if(s===0)continue;let i=0;for(let[a,c]of e.weights[o]){let u=t.weights[o].get(a)??0;i+=Math.min(c,u)*u}r+=i/s}return n*r/io}function hr(e){return e.trim().toLowerCase().replace(/\.$/,"").trimEnd()}function pn(e,t){return hr(e)===hr(t)?1:0}var j2=[/(?:^|\n)[ \t]*([A-Z])[.):][ \t]*(?=\S)/g,/(?<![\p{L}\p{N}])\(([A-Z])\)\s*(?=\S)/gu,/(?<!\S)([A-Z])[.):]\s+(?=\S)/g];function B2(e){for(let t of j2){let n=new Map,r=[...e.matchAll(t)],o=[],s=i=>{o.length<2||(n=new Map(o.map((a,c)=>{let u=e.slice(a.index+a[0].length,o[c+1]?.index??i);return[a[1],u.split(`
`)[0].trim().replace(/[,;]?(?:\s+(?:or|and))?$/,"")]})))};for(let i of r)i[1]===D2(o.length)?o.push(i):i[1]==="A"&&(s(i.index),o=[i]);if(s(e.length),n.size>0)return n}return new Map}function gw(e,t=new Map){let n=e.trim(),r=l=>{let f=l?.toUpperCase();return f!==void 0&&(t.size===0||t.has(f))?f:null},o=/^[(["'*]*([A-Za-z])[)\].:,;"'*]*$/.exec(n),s=ww.test(n)?null:r(o?.[1]??(/^\(([A-Za-z])\)[.:,]?(?=\s|$)/.exec(n)??/^([A-Za-z])[.):](?=\s)/.exec(n)??/^([A-Z])(?:\s+[-–—]|,)\s/.exec(n)??/^([A-Z])[).:](?=[^\s.]{2})/.exec(n))?.[1]);if(s!==null)return s;let i=_w(n,t);if(i!==null)return i;let a=[...n.matchAll(z2)],c=a.findLast(([l])=>/^answer/i.test(l))??a.at(-1);if(c!==void 0){let l=n.slice(c.index+c[0].length),f=ww.test(l)?null:r((/^\(?([a-zA-Z])\)(?![\p{L}\p{N}])/u.exec(l)??q2(l))?.[1]);if(f!==null)return f;let d=_w(l.split(`
`)[0],t);if(d!==null)return d}let u=new Set(Array.from(n.matchAll(/\(([A-Z])\)/g),([,l])=>r(l)));return u.delete(null),u.size===1?[...u][0]:null}var ww=/^\W*[A-Za-z]\W*\s(?:or|and)\s+\W*[A-Za-z](?![\p{L}\p{N}])/u,z2=new RegExp(String.raw`(?<![\p{L}\p{N}])(?:answer|option|choice)(?:\s+(?:is|are|would\s+be|should\s+be|must\s+be)(?![\p{L}\p{N}]))?`+String.raw`\s*:?\s*(?:(?:the\s+)?(?:option|choice|letter)\s+)?["'*\s]*(?=\S)`,"giu");function q2(e){return/^([B-HJ-Z])(?![\p{L}\p{N}'’])/u.exec(e)??/^([AI])(?=\s*$|[).,:;"*!?\]]|\s+(?:[-–—(]|because\b|as\b|since\b))/.exec(e)}function _w(e,t){let n=ao(e),r=[...t].filter(([o,s])=>s!==""&&(n===ao(s)||n===`${o.toLowerCase()} ${ao(s)}`));return r.length===1?r[0][0]:null}function ao(e){return hr(e).replace(/\s+/g," ")}function D2(e){return String.fromCharCode(65+e)}function yw(e,t,n=""){let r=B2(n),o=gw(e,r),s=gw(t,r),i=ao(e)===ao(t);return{right:(s===null||o===null?i:o===s)?1:0,parsed:o!==null||i}}function ru(e,t){let n=bw(e),r=bw(t);return n===null||r===null?pn(e,t):Math.abs(n-r)<=.05*Math.abs(r)*(1+1e-12)?1:0}function bw(e){let t=/^([-+]?)\$?((?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+)(e[-+]?\d+)?\s*(%?)$/.exec(hr(e));if(t===null)return null;let n=+`${t[1]}${t[2].replaceAll(",","")}${t[3]??""}`;return t[4]==="%"?n/100:n}var W2=`ain't aren't can't could've couldn't couldn't've didn't doesn't don't hadn't hadn't've hasn't
  haven't he'd he'd've he's how'd how'll how's isn't it'd it'd've it'll ma'am mightn't mightn't've might've mustn't
  must've needn't not've o'clock oughtn't 'ow's'at shan't she'd've should've shouldn't shouldn't've somebody'd've
  somebody'll somebody's someone'd someone'd've someone'll someone's something'd something'd've something'll that's
  there'd there'd've there're there's they'd they'd've they'll they're they've 'twas wasn't we'd've we've weren't
  what'll what're what's what've when's where'd where's where've who'd who'd've who'll who's who've why'll why're
  why's won't would've wouldn't wouldn't've y'all y'all'll y'all'd've you'd you'd've you'll you're you've`.split(/\s+/),U2="zero one two three four five six seven eight nine ten".split(" "),F2=new Set(["a","an","the"]),K2=Array.from(';/[]"{}()=+\\_-><@`,?!'),G2=new Map([...W2.flatMap(e=>Array.from(e.matchAll(/'/g),({index:t})=>[e.slice(0,t)+e.slice(t+1),e])),["somebody'd","somebodyd"],...U2.map((e,t)=>[e,String(t)]),["none","0"]]),V2=3;function vw(e){let t=e.replace(/[\n\t]/g," ").trim(),n=/\d,\d/.test(t),r=t;for(let s of K2){let i=n||t.includes(s+" ")||t.includes(" "+s);r=r.replaceAll(s,i?"":" ")}return r.replace(/\.(?!\d)/g,"").toLowerCase().split(/\s+/).filter(s=>s!==""&&!F2.has(s)).map(s=>G2.get(s)??s).join(" ")}function xw(e,t){let n=t.length;if(n===0)throw new RangeError("vqaAccuracy: expected one reference or more, found none");let r=vw(e),o=t.filter(i=>vw(i)===r).length;if(n===1)return o;let s=Math.min(V2,n-1);return(o*Math.min(o-1,s)+(n-o)*Math.min(o,s))/(n*s)}function kw(e,t){if(t.length===0)throw new y(`${e}: expected one answer or more to score, found none`);if(!tu.includes(e))throw new y(`expected a metric (${tu.join(", ")}), found ${JSON.stringify(e)}`);let n=t.map((s,i)=>{let a=s.references??[s.truth];if(a.length>0)return a;throw new y(`${e}, ${ou(s,i)}: expected one reference or more, found none; give its truth`)}),r=s=>t.map((i,a)=>100*Math.max(...n[a].map(c=>s(i.prediction,c)))),o=(s,i)=>{let a=wt(s);return{metric:e,score:a,unit:bi[e].unit,points:a,perItem:s,others:i}};switch(e){case"exact-match":return o(r(pn),{"relaxed-match":wt(r(ru)),anls:wt(r(nu))});case"relaxed-match":return o(r(ru),{"exact-match":wt(r(pn))});case"anls":return o(r(nu),{"exact-match":wt(r(pn))});case"cider":{let s=hw(t.map(({prediction:a},c)=>({prediction:a,references:n[c]}))),i=s.perItem.map(a=>10*a);return{metric:e,score:s.score,unit:bi.cider.unit,points:10*s.score,perItem:i,others:{}}}case"iou":{let s=t.map((i,a)=>{let[c,u]=n[a],l=wn(c,i.box);if(l===null)throw new y(`iou, ${ou(i,a)}: expected a true answer ${pu(i.box)}, found ${JSON.stringify(c)}`);if(u!==void 0)throw new y(`iou, ${ou(i,a)}: expected one true box, found ${n[a].length}; keep one of them`);let f=wn(i.prediction,i.box);return f===null?null:hu(f,l)});return o(s.map(i=>i!==null&&i>.5?100:0),{"mean-iou":100*wt(s.map(i=>i??0)),unparsed:100*wt(s.map(i=>i===null?1:0))})}case"vqa-accuracy":return o(t.map(({prediction:s},i)=>100*xw(s,n[i])),{"exact-match":wt(r(pn))});case"multiple-choice":{let s=t.map(({prediction:i,question:a},c)=>n[c].map(u=>yw(i,u,a)));return o(s.map(i=>i.some(({right:a})=>a===1)?100:0),{unparsed:100*wt(s.map(i=>i.some(({parsed:a})=>a)?0:1))})}}}function ou(e,t){return e.id??`item ${t+1}`}function wt(e){return e.reduce((t,n)=>t+n,0)/e.length}function $w(e,t,n,r){return e.map(o=>{let{grids:s}=n.get(o.sample),{ids:i,images:a}=t.promptOf(o.sample,o.turn,s,{maxTokens:r}),c=l=>s[o.sample.images.indexOf(l)],u=a.reduce((l,f)=>l+Ln(c(f)),0);return{...o,prompt:i,images:a,tiles:u}})}var H2=64;async function Ew(e,t,n){let r=performance.now(),{together:o=H2}=n,s=[],i=[];for(let{task:a,metric:c,questions:u,maxNewTokens:l}of t){let f=u.map(({prompt:_,images:b},v)=>({index:v,ids:_,images:b}));f.sort((_,b)=>_.ids.length-b.ids.length||_.index-b.index);let d=new Array(u.length).fill(""),p=0,h=_=>n.ready?.(f.slice(_,_+o).flatMap(({images:b})=>b)),m=h(0),g;try{for(let _=0;_<f.length;_+=o){if(n.signal?.aborted===!0)throw new Je(`stopped while answering questions of ${a}`);let b=performance.now(),v=f.slice(_,_+o);[g,m]=[m,h(_+o)],await g?.done;let x=v.map(({ids:T,images:M})=>({ids:T,images:M.flatMap(n.features)})),S=e.maxPositions-v.at(-1).ids.length,O=Math.max(1,Math.min(l,S)),R=await e.generate(x,{maxNewTokens:O,stops:n.stops,batchSize:o});for(let[T,{index:M}]of v.entries())d[M]=n.tokenizer.decode(R[T]).trim(),R[T].length>=O&&p++;g?.release(),n.progress?.(v.length,(performance.now()-b)/1e3),await new Promise(T=>setTimeout(T,0))}}finally{m?.done.catch(()=>{}),m?.release(),g?.release()}let w=kw(c,u.map(({sample:_,question:b,truth:v,references:x,box:S},O)=>({prediction:d[O],truth:v,...x===void 0?{}:{references:x},...S===void 0?{}:{box:S},question:b,id:_.id})));s.push({task:a,metric:c,score:w.points,questions:u.length,others:w.others,maxNewTokens:l,unfinished:p});for(let[_,{sample:b,turn:v}]of u.entries())i.push({id:b.id,task:a,turn:v,answer:d[_],score:w.perItem[_]})}return{scores:s,answers:i,seconds:(performance.now()-r)/1e3}}function Sw(e){return Of(e)+4}function Aw(e,t){let n=new Set;return e.flatMap(r=>r.turns.flatMap(({question:o,answer:s,references:i,template:a},c)=>i!==void 0&&n.has(i)?[]:(i!==void 0&&n.add(i),{sample:r,turn:c,question:o,truth:s,...i===void 0?{}:{references:i},...a===void 0?{}:{template:a},...t===void 0?{}:{box:t}})))}function Ow(e,t=33554432){return Math.max(1,Math.floor(t/(3*e**2*4)))}async function*Tw(e,t,n){let r=[],o=[],s=[],i=async a=>{o.push(...await e(r.slice(0,a))),r=r.slice(a);let c=[],u=0;for(;s.length>c.length&&u+s[c.length]<=o.length;){let l=s[c.length];c.push(o.slice(u,u+l)),u+=l}return s=s.slice(c.length),o=o.slice(u),c};for await(let a of t)for(r.push(...a),s.push(a.length);r.length>=n;){let c=await i(n);c.length>0&&(yield c)}r.length>0&&(yield await i(r.length))}function su(e,t){let{vision:n,language:r}=e;return{architectures:["LlavaForConditionalGeneration"],model_type:"llava",image_token_index:3,image_seq_length:(e.image/e.patch)**2,projector_hidden_act:"gelu",multimodal_projector_bias:!0,vision_feature_layer:-1,vision_feature_select_strategy:"default",tie_word_embeddings:!0,torch_dtype:"float32",vision_config:{model_type:"clip_vision_model",hidden_size:n.width,intermediate_size:n.mlp,num_hidden_layers:n.layers,num_attention_heads:n.heads,num_channels:3,image_size:e.image,patch_size:e.patch,projection_dim:n.width,hidden_act:"quick_gelu",layer_norm_eps:1e-5},text_config:{model_type:"llama",vocab_size:t,hidden_size:r.width,intermediate_size:r.mlp,num_hidden_layers:r.layers,num_attention_heads:r.heads,num_key_value_heads:r.keyValueHeads,head_dim:r.width/r.heads,max_position_embeddings:e.positions,rms_norm_eps:1e-5,rope_theta:1e4,hidden_act:"silu",attention_bias:!1,mlp_bias:!1,tie_word_embeddings:!0,bos_token_id:1,eos_token_id:2,pad_token_id:0}}}var J2={name:"tiny",description:"0.3 M parameters, 32x32 images: minutes on two CPU cores (its base checkpoint ships)",imageSize:32,checkpoint:"data/base",tune:{...gt,batch:8,microBatch:8,learningRate:.002,warmup:.05,frozen:["vision"],mini:1/8,large:1/2,validationLimit:200,testLimit:null,maxTokens:2048},pretrain:{...gt,schedule:"linear",steps:8e3,batch:32,learningRate:.003,warmup:.02,maxTokens:1024},config:e=>su({image:32,patch:8,vision:{width:64,layers:2,heads:4,mlp:256},language:{width:64,layers:4,heads:4,keyValueHeads:2,mlp:176},positions:2048},e)},X2={name:"small",description:"8 M parameters, 64x64 images: for a GPU (make its base with: deno task pretrain --preset small)",imageSize:64,checkpoint:"data/base-small",tune:{...gt,batch:32,microBatch:32,learningRate:5e-4,warmup:.03,frozen:["vision"],mini:1/8,large:1/2,validationLimit:300,testLimit:null,maxTokens:1024},pretrain:{...gt,schedule:"linear",steps:6e4,batch:64,learningRate:.001,warmup:.02,weightDecay:.01,maxTokens:1024},config:e=>su({image:64,patch:8,vision:{width:256,layers:4,heads:8,mlp:1024},language:{width:256,layers:6,heads:8,keyValueHeads:4,mlp:704},positions:2048},e)},Y2={name:"base",description:"100 M parameters, 224x224 images: for a large GPU (make its base with: deno task pretrain)",imageSize:224,checkpoint:"data/base-base",tune:{...gt,batch:32,microBatch:8,learningRate:1e-4,warmup:.03,frozen:["vision"],mini:1/8,large:1/2,validationLimit:500,testLimit:null,maxTokens:1024},pretrain:{...gt,schedule:"linear",steps:1e5,batch:64,learningRate:4e-4,warmup:.02,weightDecay:.05,maxTokens:1024},config:e=>su({image:224,patch:16,vision:{width:512,layers:8,heads:8,mlp:2048},language:{width:768,layers:10,heads:12,keyValueHeads:4,mlp:2048},positions:2048},e)},Mw=[J2,X2,Y2];function Nw(e){let t=Mw.find(n=>n.name===e);if(t===void 0){let n=Mw.map(r=>r.name).join(", ");throw new y(`preset: expected one of ${n}, found "${e}"`)}return t}var mr=Nw("tiny").tune;async function Cw(e,t,n,r={}){let{format:o,processor:s}=t,i={maxTokens:mr.maxTokens},{train:a,held:c,shown:u}=n.samples,l=new Map;for(let g of new Set([...a,...c,...u].flatMap(({images:w})=>w)))l.set(g,n.picture(g,s));let f=new Map;for(let g of[...a,...c,...u]){let w=g.images.map(_=>l.get(_).grid);f.set(g,{...o.encode(g,w,i),grids:w})}let d=await Q2(e,t,l,r),p=new Map(n.tasks.map(({name:g},w)=>[g,w])),h=g=>n.samples[g].map(w=>{let{ids:_,mask:b}=f.get(w),v=w.images.flatMap(x=>d.get(x));return{id:`${w.task}/${w.id}`,task:p.get(w.task),ids:_,mask:b,images:v}}),m=n.tasks.map(({name:g,metric:w,box:_})=>{let b=S=>S.filter(({task:O})=>O===g),v=Aw(b(u),_).sort((S,O)=>S.turn-O.turn).slice(0,2),x=Sw(b(a).map(S=>f.get(S)));return{task:g,metric:w,questions:$w(v,o,f,i.maxTokens),maxNewTokens:x}});return{tasks:n.tasks.map(({name:g})=>g),sequences:h("train"),held:un(ci(h("held"),mr.microBatch),n.tasks.length),questions:m,features:g=>d.get(g)}}async function Q2(e,t,n,{seen:r,signal:o}){let s=await e.load(t,{trainable:[]});try{let i=async function*(){for(let{tiles:f}of n.values())yield await Promise.resolve(f)},a=f=>s.encodeImages(f),c=new Map,u=[...n.keys()],l=Math.min(Z2,Ow(s.imageSize));for await(let f of Tw(a,i(),l)){if(o?.aborted===!0)throw new Je("stopped while pictures were looked at");for(let d of f)c.set(u[c.size],d);r?.(c.size,u.length)}return c}finally{s.destroy()}}var Z2=128;function Iw(e,t,n){let r=new J(n),o=[],s=i=>{for(;o.length<=i;){let a=o.length,c=r.fork(`round ${a}`).shuffle(Array.from({length:e},(d,p)=>p)),u=Math.floor(a*e/t)*t,l=Math.floor(u/e),f=new Set(l<a&&u>l*e?o[l].slice(u%e):[]);o.push([...c.filter(d=>!f.has(d)),...c.filter(d=>f.has(d))])}return o[i]};return{draw:i=>Array.from({length:t},(a,c)=>{let u=i*t+c;return s(Math.floor(u/e))[u%e]})}}function Rw(e,t){let{batchSize:n,groupBatches:r=1}=t;for(let[c,u]of[["batchSize",n],["groupBatches",r]])if(!Number.isInteger(u)||u<1)throw new RangeError(`planBatches: expected ${c} to be a whole number of at least 1, found ${u}`);let o=new J(t.seed),s=o.fork("order").shuffle(Array.from(e,(c,u)=>u)),i=[],a=n*r;for(let c=0;c<s.length;c+=a){let u=s.slice(c,c+a);r>1&&u.sort((l,f)=>e[l]-e[f]);for(let l=0;l<u.length;l+=n)i.push(u.slice(l,l+n))}if(r>1){let c=s.length%n===0?[]:i.splice(i.findIndex(u=>u.length<n),1);o.fork("batches").shuffle(i).push(...c)}return i}function eS(e,t){let{seed:n,epochs:r,batch:o,microBatch:s,quotas:i}=t,a=e.map(({ids:d})=>d.length),c=Math.ceil(e.length/o),u=i===void 0?()=>{}:tS(e,i,n),l,f=d=>{if(l?.pass===d)return l.batches;let p=u(d),h=Rw(p?.map(m=>a[m])??a,{batchSize:o,seed:`${n}/pass-${d}`});return l={pass:d,batches:p===void 0?h:h.map(m=>m.map(g=>p[g]))},l.batches};return{steps:Math.max(1,Math.round(r*c)),step(d){let p=[...f(Math.floor((d-1)/c))[(d-1)%c]];return p.sort((h,m)=>a[h]-a[m]),ci(p,s)}}}function tS(e,t,n){let r=t.map(()=>[]);e.forEach(({task:s},i)=>r[s].push(i));let o=r.map((s,i)=>s.length===0?void 0:Iw(s.length,t[i],`${n}/mix-${i}`));return s=>o.flatMap((i,a)=>i?.draw(s).map(c=>r[a][c])??[])}function Lw(e,t){let n=eS(e,t);return{steps:n.steps,step:r=>un(n.step(r).map(o=>o.map(s=>e[s])),t.tasks)}}var nS=20;async function jw(e,t,n,r,o={}){let{tasks:s}=n;if(r.weights.length!==s.length)throw new y(`expected ${s.length} weights, one a task, found ${r.weights.length}`);let i=U("live",r.weights),a=rS(n,r),c=await e.load(t,sg(mr));try{let u=c.trainer({...og(ig,mr),tasks:s.length,taskNames:s,steps:a.steps});try{await Pw(u,n,o);let l=Math.max(1,Math.round(a.steps/nS));for(let f=1;f<=a.steps;f++){let d=a.step(f);u.train(d,i.weights(f,d.taskTokens));for(let p of await u.log())o.step?.(p);await oS(o.signal,`stopped after step ${f} of ${a.steps}`),(f%l===0||f===a.steps)&&await Pw(u,n,o)}}finally{u.destroy()}return await zw(c,t,n,o.signal)}finally{c.destroy()}}function rS({tasks:e,sequences:t},{weights:n,steps:r,seed:o}){let s=t.filter(({task:u})=>n[u]>0),{batch:i,microBatch:a}=mr,c=r/Math.ceil(s.length/i);return Lw(s,{seed:o,epochs:c,batch:i,microBatch:a,tasks:e.length})}async function Bw(e,t,n,r){let o=await e.load(t,{trainable:[]});try{return await zw(o,t,n,r)}finally{o.destroy()}}async function zw(e,{tokenizer:t,stops:n},{questions:r,features:o},s){return(await Ew(e,r,{tokenizer:t,stops:n,features:o,signal:s})).answers}async function Pw(e,{held:t},n){let{nll:r,tokens:o}=await e.losses(t);n.look?.({step:e.step,loss:r.map((s,i)=>o[i]>0?s/o[i]:null)})}async function oS(e,t){if(await new Promise(n=>setTimeout(n,0)),e?.aborted===!0)throw new Je(t)}function qw(e){let t={},n,r=new AbortController;return async o=>{if(o.kind==="stop")return r.abort();r=new AbortController;let{signal:s}=r;o.models!==void 0&&(t={models:o.models,data:o.data});try{n??=await sS(t,e,s);let{engine:i,checkpoint:a,lesson:c}=n;for(let{name:u,...l}of o.runs){e({kind:"doing",what:`Training with ${u==="equal"?"equal weights":"your weights"}; the first steps take longer, as kernels are compiled`});let d=await jw(i,a,c,l,{step:p=>e({kind:"step",run:u,log:p}),look:p=>e({kind:"look",run:u,point:p}),signal:s});e({kind:"answers",of:u,answers:d})}e({kind:"done"})}catch(i){if(i instanceof Je)return e({kind:"stopped",what:i.message});let a=i instanceof Error?i.message:String(i);e({kind:"failed",what:a,adapter:i instanceof _n})}}}async function sS({models:e,data:t},n,r){let o=t===void 0;n({kind:"doing",what:o?"Drawing pictures and questions":"Unpacking the data"});let{texts:s,weights:i,models:a}=JSON.parse(e),[c]=await ch({texts:s,weights:i,models:a}),{checkpoint:u}=c,l=o?uw(cw()):bg(JSON.parse(t)),f=await Ql();try{let d=yg(f),p="Showing the pictures to the model";n({kind:"doing",what:p});let h=await Cw(d,u,l,{seen:(m,g)=>n({kind:"doing",what:p,done:m,of:g}),signal:r});return n({kind:"doing",what:"Asking the model before it is trained"}),n({kind:"answers",of:"base",answers:await Bw(d,u,h,r)}),{engine:d,checkpoint:u,lesson:h}}catch(d){throw f.destroy(),d}}if("document"in globalThis)ml();else{let e=qw(t=>postMessage(t));addEventListener("message",({data:t})=>e(t))}
